"""`{% load ui %}`: figures, icons, small pictures, charts and the page's own files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.assets import linked
from openkam.app.ui.templatetags.figures import (
    MISSING,
    NO_BREAK,
    as_day,
    as_decimal,
    day_text,
    fitting_decimals,
    number_text,
    short_text,
    with_days,
    with_unit,
)
from openkam.app.ui.templatetags.graphics import bar_svg, spark_svg, stack_svg
from openkam.app.ui.templatetags.icons import icon_svg
from openkam.app.ui.templatetags.markup import escaped, joined
from openkam.app.ui.templatetags.table_drawing import headings, row_cells

register = template.Library()


@register.filter
def amount(value: object, unit: str = "") -> SafeString:
    """`55,795,000 USD`; two decimals below a hundred unless whole; an em dash where the value is missing."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(number_text(number, fitting_decimals(number)), unit)


@register.filter
def fixed(value: object, decimals: int = 2) -> SafeString:
    """A number with so many decimals, for columns that compare."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(number_text(number, decimals), "")


@register.filter
def short(value: object, unit: str = "") -> SafeString:
    """`55.8 M USD`, for heads and charts only."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(short_text(number), unit)


@register.filter
def signed(value: object, unit: str = "") -> SafeString:
    """A change with its sign: `+1,178`, `−25`."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(number_text(number, fitting_decimals(number), signed=True), unit)


@register.filter
def share(value: object, decimals: int = 1) -> SafeString:
    """A share of one as per cent: 0.24 is `24.0 %`."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(number_text(100 * number, decimals), "%")


@register.filter
def signed_share(value: object, decimals: int = 1) -> SafeString:
    """A relative change as per cent with its sign: −0.126 is `−12.6 %`."""
    number = as_decimal(value)
    return MISSING if number is None else with_unit(number_text(100 * number, decimals, signed=True), "%")


@register.filter
def day(value: object) -> SafeString:
    """`31 May 2016`, as a `<time>`; an instant in the reader's own time zone."""
    known = as_day(value)
    return MISSING if known is None else format_html('<time datetime="{}">{}</time>', known.isoformat(), day_text(known))


@register.filter
def moment(value: object) -> SafeString:
    """`31 May 2016, 10:30`, in the reader's own time zone."""
    if not isinstance(value, datetime):
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html('<time datetime="{}">{}, {}</time>', value.isoformat(), day_text(local.date()), f"{local:%H:%M}")


@register.filter
def days(text: object) -> str:
    """A sentence of the engine with its days as pages write them: `31 May 2016`."""
    return with_days(str(text))


@register.filter
def known(value: object) -> object:
    """The value itself, or an em dash where there is none: an empty text, a missing person."""
    return MISSING if value is None or value == "" else value


@register.simple_tag
def icon(name: str, classes: str = "", *, label: str = "") -> SafeString:
    """An outline icon of Tabler's set, drawn in the colour of the text around it; named only where it stands alone."""
    return icon_svg(name, classes, label)


@register.simple_tag
def bar(value: object, tone: str = "f1", label: str = "") -> SafeString:
    """A share of one as a bar; `tone` is a fill class: f1 to f6, fg good, fw look, fb losing."""
    return bar_svg(value, tone, label)


@register.simple_tag
def stack(parts: Iterable[object], label: str = "") -> SafeString:
    """Shares of a whole side by side."""
    return stack_svg(parts, label)


@register.simple_tag
def spark(values: Sequence[object], label: str, tone: str = "1") -> SafeString:
    """A sparkline; `label` says in words what it shows; `tone` is 1 (ours), 4 (comparison) or b (losing)."""
    return spark_svg(values, label, tone)


@register.simple_tag
def unit(text: str) -> SafeString:
    """A unit behind a figure that a template writes itself."""
    return format_html('<span class="unit">{}{}</span>', NO_BREAK, text)


@register.inclusion_tag("ui/chart.html")
def chart(
    name: str,
    spec: Mapping[str, Any] | None = None,
    *,
    title: str,
    text: str,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[object]] = (),
    source: str = "",
    url: str = "",
    note: str = "",
    size: str = "",
) -> dict[str, object]:
    """A Vega-Lite chart with its text alternative, its table, its source.

    `size` (tall) keeps the room that the chart will take, so that nothing moves when it is drawn. `name` is unique on the page; the
    spec comes with the page or from `url`; colours come from the theme, so a spec names none.
    """
    return {
        "name": name,
        "spec": spec,
        "title": title,
        "text": text,
        "columns": columns,
        "rows": _table_rows(rows),
        "source": source,
        "url": url,
        "note": note,
        "size": size,
    }


def _table_rows(rows: Iterable[Sequence[object]]) -> SafeString:
    """The rows of a chart's table. Drawn here and not in the template: a chart of many accounts has hundreds of them."""
    drawn = ('<td class="num">'.join(f"{_figure(cell)}</td>" for cell in row) for row in rows)
    return joined(f"<tr><td>{cells}</tr>" for cells in drawn)


@lru_cache(maxsize=8192, typed=True)
def _figure(cell: object) -> str:
    """A cell of a chart's table as text that is safe in a page: numbers as amounts, an em dash for what is missing."""
    number = as_decimal(cell)
    if number is not None:
        return with_unit(number_text(number, fitting_decimals(number)), "")
    words: Any = localize(known(cell))  # pyright: ignore[reportArgumentType] - gives back what it does not know
    return escaped(words)


@register.simple_tag(takes_context=True)
def query_with(context: Context, name: str, value: object) -> str:
    """This page's query with one parameter changed, for links that keep filter and order."""
    query: QueryDict = context["request"].GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> SafeString:
    """What the page's `title` block says, once more: a block may stand only once, and the heading says what the tab says."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    title = blocks.get_block("title") if blocks is not None else None
    return title.render(context) if title is not None else SafeString("")


@register.simple_tag
def stylesheets() -> SafeString:
    """The links to every style of the site, in their order."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((address,) for address in linked("ui/css/openkam.css")))


@register.simple_tag
def scripts() -> SafeString:
    """Our own scripts, in their order, run when the page is there."""
    return format_html_join("\n", '<script defer src="{}"></script>', ((address,) for address in linked("ui/js/openkam.js")))


@register.simple_tag
def cells(row: Any) -> SafeString:
    """The cells of a table's row."""
    return row_cells(row)


@register.simple_tag(takes_context=True)
def column_headings(context: Context) -> SafeString:
    """The headings of the table that is being drawn."""
    return headings(context["table"], dict(context["request"].GET))
