"""Settings: the anchored scales that people rate accounts on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.selection.forms.ratings import ScaleForm
from openkam.app.selection.operations.criteria import add_rated_criterion
from openkam.app.selection.operations.scales import archive_scale, change_scale, create_scale, reopen_scale
from openkam.app.selection.queries.criteria import rated_on_scale
from openkam.app.selection.queries.scales import open_scale, scale_lines, scale_of, versions_of
from openkam.app.selection.terms import RefusedError
from openkam.app.selection.views.criteria import settler


@require_safe
def scales(request: HttpRequest) -> HttpResponse:
    """Every scale, and how far its raters agree."""
    user = settler(request)
    return render(request, "selection/scales.html", {"lines": scale_lines(user, timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new scale."""
    user = settler(request)
    form = ScaleForm(request.POST or None)
    if form.is_valid():
        try:
            made = create_scale(
                actor=user, name=form.cleaned_data["name"], details=form.details, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"People can rate accounts on {made.label} now.")
            return redirect("selection:scale", scale=made.pk)
    return render(request, "selection/scale.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def scale(request: HttpRequest, scale: int) -> HttpResponse:
    """Change a scale, see its wordings, count it in the programme."""
    user = settler(request)
    found = scale_of(scale)
    versions = versions_of(found)
    form = ScaleForm(request.POST or None, scale=found, version=versions[0])
    if form.is_valid():
        try:
            change_scale(actor=user, scale=found, details=form.details, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved. Ratings that were given keep the words they were given under.")
            return redirect("selection:scale", scale=scale)
    context = {"form": form, "scale": found, "versions": versions, "criterion": rated_on_scale(user, found.name)}
    return render(request, "selection/scale.html", context, status=422 if form.errors else 200)


@require_POST
def archive(request: HttpRequest, scale: int) -> HttpResponse:
    """Ask for a scale no longer, or (`reopen=1`) again."""
    user = settler(request)
    act = reopen_scale if request.POST.get("reopen") else archive_scale
    act(actor=user, scale=scale_of(scale))
    return redirect("selection:scales")


@require_POST
def count(request: HttpRequest, scale: int) -> HttpResponse:
    """Make a criterion of a scale; its weight and points are edited on the criterion's page, which follows."""
    user = settler(request)
    found = open_scale(scale)
    try:
        programme = add_rated_criterion(
            actor=user, scale=found.name, label=found.label, anchors=versions_of(found)[0].anchors, weight=10.0
        )
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("selection:scale", scale=scale)
    messages.success(request, f"{found.label} counts in the rounds to come. Give it its weight.")
    return redirect("selection:criterion", number=len(programme.criteria))
