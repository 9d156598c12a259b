"""The look of the charts follows the design language."""

import re

from openkam.analytics.report.charts.theme import COLOURS, configuration
from openkam.analytics.report.html import TEMPLATES


def test_every_colour_is_the_light_value_of_its_token() -> None:
    css = (TEMPLATES / "review.css").read_text()
    # White while drawing would be every white; so the surface is drawn a shade off it.
    light = dict(re.findall(r"--ok-([a-z0-9-]+):(#[0-9a-f]{3,6})", css.split("@media screen")[0]))
    assert {token: colour for token, colour in COLOURS.items() if token != "surface" and light[token] != colour} == {}


def test_every_token_has_a_dark_value() -> None:
    dark = (TEMPLATES / "review.css").read_text().split("@media screen")[1]
    assert all(f"--ok-{token}:" in dark for token in COLOURS)


def test_axes_are_quiet() -> None:
    axis = configuration()["axis"]
    assert not axis["domain"]
    assert not axis["ticks"]
    assert configuration()["axisX"]["grid"] is False
