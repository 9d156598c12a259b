"""The people map of an account: look at it, draw on it, take it along."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import account
from openkam.app.people.models import User
from openkam.app.relationships.forms.contacts import EndForm
from openkam.app.relationships.forms.people_map import InfluenceForm, MapForm, PlaceForm, ReportingForm, SaveMapForm
from openkam.app.relationships.models import InfluenceLine, ReportingLine
from openkam.app.relationships.operations.lines import draw_influence, end_line, set_superior
from openkam.app.relationships.operations.people_maps import lay_out_again, move_card, remove_map, save_map
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.lines import ended_lines, influence_line, reporting_line
from openkam.app.relationships.queries.map_coverage import coverage_panel
from openkam.app.relationships.queries.map_drawing import map_drawing
from openkam.app.relationships.queries.map_export import map_as_pdf, map_as_png, map_as_svg
from openkam.app.relationships.queries.map_people import MapView, map_view, people_map
from openkam.app.relationships.queries.map_questions import questions_of
from openkam.app.relationships.queries.people_maps import categories_of, map_of_category, saved_map, saved_maps
from openkam.app.relationships.views.access import answered, editor, reader

VIEWS = ("map", "table", "tree")
EXPORTS = {
    "svg": (lambda page: map_as_svg(page).encode(), "image/svg+xml"),
    "png": (map_as_png, "image/png"),
    "pdf": (map_as_pdf, "application/pdf"),
}
FORM = "relationships/line_form.html"


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The map with its coverage, or the part beside it alone when a person on it is chosen."""
    user = reader(request)
    found = account(user, pk)
    form = MapForm(request.GET or None, categories=categories_of(found), saved=saved_maps(user, found))
    page = people_map(user, _asked(user, found, request, form))
    turnover = form.cleaned_data.get("turnover") if form.is_bound and form.is_valid() else None
    chosen = request.GET.get("person", "")
    shown = request.GET.get("view", "")
    query = {name: value for name, value in request.GET.items() if name in {"map", "on", "turnover"} and value}
    context: dict[str, object] = {
        "account": found,
        "page": page,
        "form": form,
        "panel": coverage_panel(user, page, leaves=chosen, turnover_percent=turnover),
        "chosen": page.person(chosen),
        "questions": questions_of(user, page),
        "may_edit": may_edit(user),
        "query": urlencode(query),
        "shown": shown if shown in VIEWS else "",
        "exports": list(EXPORTS),
    }
    if request.headers.get("HX-Request"):
        return render(request, "relationships/map_side.html", context)
    if shown == "table":
        context["ended"] = ended_lines(user, found)
    if shown in {"", "map"}:
        context["drawing"] = map_drawing(page, address=f"?{urlencode({**query, 'view': shown})}&person=", selected=chosen)
    return render(request, "relationships/people_map.html", context)


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The map as a file: what the reader may see, and no more."""
    user = reader(request)
    found = account(user, pk)
    if kind not in EXPORTS:
        raise Http404("No such format.")
    form = MapForm(request.GET or None, categories=categories_of(found), saved=saved_maps(user, found))
    view = _asked(user, found, request, form)
    made, content_type = EXPORTS[kind]
    answer = HttpResponse(made(people_map(user, view)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="people-map-{found.pk}-{view.as_of_on:%Y-%m-%d}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who reports to whom."""
    user = editor(request)
    found = account(user, pk)
    form = ReportingForm(
        request.POST if request.method == "POST" else None, people=contacts_at(found), initial=request.GET.dict()
    )
    return answered(
        request,
        form,
        write=lambda: set_superior(actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:people_map", args=[pk]),
        template=FORM,
        context={"account": found, "title": "A reporting line", "submit": "Draw it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def influence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who sways whom."""
    user = editor(request)
    found = account(user, pk)
    form = InfluenceForm(
        request.POST if request.method == "POST" else None, people=contacts_at(found), initial=request.GET.dict()
    )
    return answered(
        request,
        form,
        write=lambda: draw_influence(actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:people_map", args=[pk]),
        template=FORM,
        context={"account": found, "title": "A line of influence", "submit": "Draw it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_reporting(request: HttpRequest, line: int) -> HttpResponse:
    """End a reporting line with its last day, and say why."""
    user = editor(request)
    found = reporting_line(user, line)
    return _end(request, user, found, f"{found.contact.name} no longer reports to {found.superior.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def end_influence(request: HttpRequest, line: int) -> HttpResponse:
    """End a line of influence with its last day, and say why."""
    user = editor(request)
    found = influence_line(user, line)
    return _end(request, user, found, f"{found.contact.name} no longer sways {found.target.name}")


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep where a card was put."""
    user = editor(request)
    found = account(user, pk)
    form = PlaceForm(request.POST, people=contacts_at(found))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    given = form.cleaned_data
    view = map_view(user, found, given["map"], timezone.localdate())
    try:
        move_card(
            actor=user, account=found, people_map=view.saved, category=view.category,
            contact=given["contact"], x=given["x"], y=given["y"],
        )  # fmt: skip
    except ValidationError as error:
        return JsonResponse({"errors": error.messages}, status=422)
    return HttpResponse(status=204)


@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the map out again, as if no card had been moved."""
    user = editor(request)
    found = account(user, pk)
    view = map_view(user, found, request.POST.get("map", ""), timezone.localdate())
    own_map = view.saved or map_of_category(found, view.category)
    if own_map:
        lay_out_again(actor=user, people_map=own_map)
    return redirect(_address(pk, view))


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the map under a name."""
    user = editor(request)
    found = account(user, pk)
    view = map_view(user, found, request.GET.get("map", ""), timezone.localdate())
    form = SaveMapForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: save_map(actor=user, account=found, name=form.cleaned_data["name"], category=view.category),
        then=reverse("relationships:people_map", args=[pk]),
        template=FORM,
        context={"account": found, "title": "Save the map", "submit": "Save it"},
    )


@require_POST
def remove(request: HttpRequest, pk: int, saved: int) -> HttpResponse:
    """Remove a saved map."""
    user = editor(request)
    found = account(user, pk)
    kept = saved_map(user, found, saved)
    name = kept.name
    remove_map(actor=user, people_map=kept)
    messages.success(request, f"The map {name} is gone; people and lines stay.")
    return redirect("relationships:people_map", pk=pk)


def _asked(user: User, found: Account, request: HttpRequest, form: MapForm) -> MapView:
    is_right = form.is_bound and form.is_valid()
    day: date | None = form.cleaned_data.get("on") if is_right else None
    return map_view(user, found, request.GET.get("map", ""), day or timezone.localdate())


def _address(pk: int, view: MapView) -> str:
    address = reverse("relationships:people_map", args=[pk])
    return f"{address}?{urlencode({'map': view.choice})}" if view.choice else address


def _end(request: HttpRequest, user: User, line: ReportingLine | InfluenceLine, title: str) -> HttpResponse:
    form = EndForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: end_line(actor=user, line=line, **form.cleaned_data),
        then=f"{reverse('relationships:people_map', args=[line.account_id])}?view=table",
        template=FORM,
        context={"account": line.account, "title": title, "submit": "End it"},
    )
