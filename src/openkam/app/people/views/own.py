"""What a person decides about themselves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.people import queries
from openkam.app.people.forms import PreferencesForm
from openkam.app.people.operations.sessions import end_other_sessions, end_session
from openkam.app.people.operations.users import change_preferences
from openkam.app.people.permissions import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """One's own name and time zone."""
    person = person_of(request)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, initial={"name": person.name, "time_zone": person.time_zone}
    )
    if form.is_valid():
        try:
            change_preferences(actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect("people:preferences")
    return render(request, "people/preferences.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The browsers one is signed in with."""
    found = queries.own_sessions(person_of(request))
    return render(request, "people/sessions.html", {"sessions": found, "current_key": request.session.session_key})


@require_POST
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one of one's browsers out."""
    person = person_of(request)
    end_session(actor=person, session=get_object_or_404(queries.own_sessions(person), pk=pk))
    messages.success(request, "Signed out there.")
    return redirect("people:sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign all of one's other browsers out."""
    ended = end_other_sessions(actor=person_of(request), current_key=request.session.session_key or "")
    messages.success(request, f"Signed out in {ended} other browser{'' if ended == 1 else 's'}.")
    return redirect("people:sessions")
