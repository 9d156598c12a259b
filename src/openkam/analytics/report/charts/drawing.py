"""From an Altair chart to SVG for the page: no colour, no font and no identifier of its own, the same bytes everywhere."""

import re
import xml.etree.ElementTree as ET

import altair as alt
import vl_convert as vlc

from openkam.analytics.report.charts.theme import COLOURS, configuration

_SVG = "{http://www.w3.org/2000/svg}"
_TOKENS = {colour: token for token, colour in COLOURS.items()}
_DROPPED = frozenset(
    {
        "class",
        "role",
        "clip-path",
        "font-family",
        "pointer-events",
        "aria-hidden",
        "aria-label",
        "aria-roledescription",
        "aria-description",
    }
)
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_EMPTY_PATHS = frozenset({"", "M0,0h0v0h0Z"})
_LOCALE = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "−", "percent": "\u00a0%"}


def draw(chart: alt.LayerChart | alt.FacetChart, width: int, height: int, description: str) -> str:
    """The chart as one `<svg>` of that size with `description` as its text alternative.

    Nothing in these charts needs clipping, so definitions go and no identifier is left that could meet another chart's.
    """
    sized = chart.properties(width=width, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding"))
    # Validating walks every data row through the schema, half the page's time; an invalid specification fails in the renderer.
    spec = sized.to_dict(validate=False)
    spec["config"] = configuration()
    raw = vlc.vegalite_to_svg(spec, format_locale=_LOCALE, allowed_base_urls=[])
    # The text is our own renderer's output of our own specification, never a document from outside.
    root = ET.fromstring(raw)  # noqa: S314
    _clean(root)
    # "fit" lets a long label push the picture one pixel past the size asked for; the size asked for is what the page is built on.
    box = root.get("viewBox", f"0 0 {width} {height}")
    root.attrib.clear()
    root.attrib.update({"class": "c", "viewBox": box, "role": "img", "aria-label": description})
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _clean(parent: ET.Element) -> None:
    for child in list(parent):
        _clean(child)
        if _is_empty(child):
            parent.remove(child)
    parent.tag = parent.tag.removeprefix(_SVG)
    classes: list[str] = []
    for key, value in list(parent.attrib.items()):
        if key in _DROPPED:
            del parent.attrib[key]
        elif key in ("fill", "stroke") and value in _TOKENS:
            classes.append(f"{key[0]}-{_TOKENS[value]}")
            del parent.attrib[key]
        elif (key in ("opacity", "fill-opacity", "stroke-opacity") and value == "1") or (key == "display" and value != "none"):
            del parent.attrib[key]
        else:
            parent.set(key, _NUMBER.sub(_rounded, value))
    if classes:
        parent.set("class", " ".join(classes))


def _is_empty(element: ET.Element) -> bool:
    if element.get("display") == "none" or element.tag == "defs":
        return True
    if element.tag == "path":
        return element.get("d", "") in _EMPTY_PATHS or not {"fill", "stroke", "class"} & element.attrib.keys()
    return element.tag == "g" and len(element) == 0


def _rounded(match: re.Match[str]) -> str:
    """Two decimals are a hundredth of a pixel: enough to see, too few to show how a machine rounds its sines."""
    text = f"{float(match.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
