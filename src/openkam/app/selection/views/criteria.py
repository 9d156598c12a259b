"""Settings: criteria, weights and value functions with their pictures."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.selection.forms.criteria import CriterionForm, NewCriterionForm, ProgrammeForm, RemovalForm, points_as_written
from openkam.app.selection.operations.criteria import CriterionChange, add_criterion, change_criterion, remove_criterion
from openkam.app.selection.operations.programme import save_programme
from openkam.app.selection.permissions import require_all_records, sees_all_records
from openkam.app.selection.queries.criteria import CriteriaPage, CriterionLine, criteria_page, drafted_points, measures_to_add
from openkam.app.selection.queries.value_chart import SHAPE_WORDS, rows_of, shape_named
from openkam.app.selection.queries.workspace import programme_text_or_fault
from openkam.app.selection.terms import RefusedError


def settler(request: HttpRequest) -> User:
    """The signed-in person, who may change settings; anybody else gets the 403 page."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    return user


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """All criteria with their value functions."""
    user = settler(request)
    try:
        page, refused = criteria_page(user), ""
    except RefusedError as error:
        page, refused = None, str(error)
    context = {"page": page, "refused": refused, "may_edit_text": sees_all_records(user)}
    return render(request, "selection/criteria.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: HttpRequest, number: int) -> HttpResponse:
    """Change one criterion."""
    user = settler(request)
    page, line = _line(user, number)
    form = _form(request, line)
    if form.is_valid():
        data = form.cleaned_data
        change = CriterionChange(data["label"], data["weight"], data["points"], form.anchors)
        try:
            change_criterion(actor=user, number=number, name=data["name"], change=change, reason=data["reason"])
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{data['label']} is changed, for the rounds to come.")
            return redirect("selection:criteria")
    context = {"page": page, "line": line, "form": form, "quantiles": rows_of(line.chart.spread), "shapes": list(SHAPE_WORDS)}
    return render(request, "selection/criterion.html", context, status=422 if form.errors else 200)


@require_POST
def chart(request: HttpRequest, number: int) -> HttpResponse:
    """The value function as it is being written; with `draft`, rows and picture of points over the accounts' own levels."""
    user = settler(request)
    page, line = _line(user, number)
    form = _form(request, line)
    fault = " ".join(map(str, form.errors.get("points", [])))
    points = () if fault else form.cleaned_data.get("points", ())
    shape = shape_named(request.POST.get("draft", ""))
    if shape and line.criterion.measure:
        try:
            points, fault = drafted_points(user, line.criterion.measure, shape), ""
        except RefusedError as refused:
            fault = str(refused)
        form = CriterionForm(initial={"points": points_as_written(points)}, is_rating=False)
    if points:
        page = criteria_page(user, drawn=number, points=points)
        line = page.lines[number - 1]
    context = {"page": page, "line": line, "form": form, "fault": fault, "quantiles": rows_of(line.chart.spread)}
    return render(request, f"selection/{'value_draft' if shape and points else 'value_chart'}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new criterion over a measure; its points are edited on its own page, which follows."""
    user = settler(request)
    try:
        measures = measures_to_add(user)
    except RefusedError as refused:
        raise Http404(str(refused)) from refused
    form = NewCriterionForm(request.POST or None, measures=measures, initial={"shape": "rising", "weight": "10"})
    if form.is_valid():
        data = form.cleaned_data
        try:
            programme = add_criterion(actor=user, name=data["measure"], **data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{data['label']} counts in the rounds to come. Its points are drafted: look at them.")
            return redirect("selection:criterion", number=len(programme.criteria))
    context = {"form": form, "has_measures": bool(measures)}
    return render(request, "selection/add_criterion.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a criterion out of the programme, after a question."""
    user = settler(request)
    _, line = _line(user, number)
    form = RemovalForm(request.POST or None, initial={"name": line.criterion.name})
    if form.is_valid():
        try:
            remove_criterion(actor=user, number=number, **form.cleaned_data)
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{line.criterion.label} counts no more in the rounds to come.")
        return redirect("selection:criteria")
    return render(request, "selection/remove_criterion.html", {"line": line, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """The whole programme as text."""
    user = settler(request)
    require_all_records(user)
    current, fault = programme_text_or_fault(user)
    form = ProgrammeForm(request.POST or None, initial={"text": current})
    if form.is_valid():
        try:
            save_programme(actor=user, text=form.cleaned_data["text"], reason=form.cleaned_data["reason"])
        except RefusedError as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, "The programme is changed, for the rounds to come.")
            return redirect("selection:criteria")
    context = {"form": form, "fault": fault}
    return render(request, "selection/programme.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, line: CriterionLine) -> CriterionForm:
    one = line.criterion
    written = {
        "name": one.name,
        "label": one.label,
        "weight": f"{one.weight:g}",
        "points": points_as_written(one.points),
        **{f"anchor_{level}": anchor for level, anchor in enumerate(one.anchors)},
    }
    return CriterionForm(request.POST or None, is_rating=bool(one.rating), initial=written)


def _line(user: User, number: int) -> tuple[CriteriaPage, CriterionLine]:
    try:
        page = criteria_page(user)
    except RefusedError as refused:
        raise Http404(str(refused)) from refused
    if not 1 <= number <= len(page.lines):
        raise Http404("No such criterion.")
    return page, page.lines[number - 1]
