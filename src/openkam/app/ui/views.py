"""The style guide: every component on one page, for developers and for the tests of the look."""

import math
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.ui.forms import EveryField
from openkam.app.ui.tables import EveryColumn, paged

STATES = (("a", "key"), ("w", "near-tie"), ("b", "drops"), ("g_", "kept"), ("", "standard"))
NAMES = (
    "Tailspin Toys · Pacific",
    "Wingtip Toys · Mid Atlantic",
    "Boutique François",
    "<b>Not bold</b> & Sons",
    "Anindya Ghatak",
)
WAVES = [[math.sin(month / (2 + row)) + month / (9 + row) for month in range(24)] for row in range(len(NAMES))]


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component; the form on it is checked for real and saves nothing."""
    form = EveryField(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "The form was right. Nothing was kept.")
        return redirect("ui:styleguide")
    table = EveryColumn(_rows())
    paged(request, table)
    return render(
        request,
        "ui/styleguide.html",
        {"form": form, "table": table, **_sample()},
        status=422 if request.method == "POST" else 200,
    )


@require_safe
def drawer(request: HttpRequest) -> HttpResponse:
    """What the style guide's rows open."""
    return render(request, "ui/styleguide_drawer.html", {"day": date(2016, 5, 31)})


def _rows() -> list[dict[str, object]]:
    return [
        {
            "account": NAMES[row % 5],
            "months": [None if row == 3 and month < 20 else value for month, value in enumerate(WAVES[row % 5])],
            "sales": None if row == 3 else 2_328_611 / (row + 1),
            "change": None if row == 3 else 0.126 - row / 20,
            "hours": None if row == 3 else (row + 1) / 8,
            "state": STATES[row % 5],
        }
        for row in range(12)
    ]


def _sample() -> dict[str, object]:
    """Illustrative numbers; the style guide says so."""
    steps = [(position, 109.4 * math.sin(min(position / 178, 1.25))) for position in range(0, 280, 9)]
    return {
        "day": date(2016, 5, 31),
        "parts": [0.32, 0.22, 0.16, 0.12, 0.06, 0.12],
        "months": WAVES[0],
        "tabs": [
            {"label": label, "href": f"#{label.lower()}", "is_current": label == "Overview"}
            for label in (
                "Overview",
                "People",
                "Money",
                "Market",
                "Plan",
                "Promises",
                "Timeline",
                "Issues",
                "Documents",
                "History",
            )
        ],
        "steps": ["File", "Columns and check", "Dry run", "Import"],
        "curve_columns": ["Accounts", "Share, %"],
        "bar_columns": ["Step", "Thousand USD"],
        "curve": {
            "height": 240,
            "data": {"values": [{"accounts": position, "share": height} for position, height in steps]},
            "layer": [
                {
                    "mark": {"type": "area"},
                    "encoding": {
                        "x": {"field": "accounts", "type": "quantitative", "title": "accounts, by contribution"},
                        "y": {"field": "share", "type": "quantitative", "title": None},
                    },
                },
                {
                    "mark": {"type": "line", "tooltip": True},
                    "encoding": {
                        "x": {"field": "accounts", "type": "quantitative"},
                        "y": {"field": "share", "type": "quantitative"},
                    },
                },
            ],
        },
        "curve_rows": [(position, round(height, 1)) for position, height in steps],
        "bars": {
            "height": 240,
            "data": {
                "values": [
                    {"step": "Net sales", "value": 2329},
                    {"step": "Margin 1", "value": 1151},
                    {"step": "Margin 2", "value": 802},
                    {"step": "Contribution", "value": 753},
                ]
            },
            "mark": {"type": "bar", "tooltip": True},
            "encoding": {
                "x": {"field": "step", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0}},
                "y": {"field": "value", "type": "quantitative", "title": None},
            },
        },
        "bar_rows": [("Net sales", 2329), ("Margin 1", 1151), ("Margin 2", 802), ("Contribution", 753)],
    }
