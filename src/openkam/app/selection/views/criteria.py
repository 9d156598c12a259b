"""Settings: criteria, weights, value functions with their charts, anchored scales, and the whole programme as text."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.selection.forms.criteria import CriterionForm, ProgrammeForm, read_points
from openkam.app.selection.operations.programme import change_criterion, save_programme
from openkam.app.selection.permissions import require_all_records, sees_all_records
from openkam.app.selection.queries.criteria import CriteriaPage, CriterionLine, criteria_page, value_chart
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
    anchors = {f"anchor_{level}": anchor for level, anchor in enumerate(line.anchors)}
    form = CriterionForm(
        request.POST or None,
        is_rating=bool(line.rating),
        initial={"weight": f"{line.weight:g}", "points": line.points_text, **anchors},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            change_criterion(
                actor=user,
                number=number,
                weight=data["weight"],
                points=data["points"],
                anchors=form.anchors,
                reason=data["reason"],
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{line.label} is changed, for the rounds to come.")
            return redirect("selection:criteria")
    context = {"page": page, "line": line, "form": form}
    return render(request, "selection/criterion.html", context, status=422 if form.errors else 200)


@require_POST
def chart(request: HttpRequest, number: int) -> HttpResponse:
    """The value function as it is being written."""
    _, line = _line(settler(request), number)
    try:
        points, fault = read_points(request.POST.get("points", "")[:10_000]), ""
    except ValidationError as error:
        points, fault = line.points, " ".join(error.messages)
    return render(
        request,
        "selection/value_chart.html",
        {"line": line, "chart": value_chart(points, line.label), "rows": points, "fault": fault},
    )


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


def _line(user: User, number: int) -> tuple[CriteriaPage, CriterionLine]:
    try:
        page = criteria_page(user)
    except RefusedError as refused:
        raise Http404(str(refused)) from refused
    line = next((line for line in page.lines if line.number == number), None)
    if line is None:
        raise Http404("No such criterion.")
    return page, line
