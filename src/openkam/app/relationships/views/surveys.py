"""The surveys of one account: opened, sent, and what came back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.people.permissions import person_of
from openkam.app.relationships.forms.surveys import SurveyForm
from openkam.app.relationships.models import Survey
from openkam.app.relationships.operations.survey_letters import request_letters
from openkam.app.relationships.operations.surveys import open_survey
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.quick_entry import colleagues_of
from openkam.app.relationships.queries.survey_results import survey_results
from openkam.app.relationships.queries.surveys import letters_state, surveys_of, writes_to_files
from openkam.app.relationships.queries.surveys import survey as survey_by_key
from openkam.app.relationships.terms import ANONYMOUS_FROM
from openkam.app.relationships.views.access import editor, reader


@require_safe
def surveys(request: HttpRequest, pk: int) -> HttpResponse:
    """Every survey of the account."""
    user = reader(request)
    found = account(user, pk)
    context = {
        "account": found,
        "surveys": surveys_of(user, found),
        "writes_to_files": writes_to_files(),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/surveys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a survey and have its letters sent."""
    user = editor(request)
    found = account(user, pk)
    data = request.POST if request.method == "POST" else None
    form = SurveyForm(data, contacts=contacts_at(found).prefetch_related("points"), colleagues=colleagues_of(found, user))
    if form.is_valid():
        try:
            site = request.build_absolute_uri("/")
            made = open_survey(actor=user, account=found, site_address=site, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)  # pyright: ignore[reportArgumentType]
        else:
            _send(request, made)
            return redirect("relationships:survey", survey=made.pk)
    cancel = reverse("relationships:surveys", args=[pk])
    context = {"account": found, "form": form, "cancel": cancel, "writes_to_files": writes_to_files()}
    return render(request, "relationships/survey_form.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, survey: int) -> HttpResponse:
    """Who was asked, and what they said as far as names allow."""
    user = reader(request)
    found = survey_by_key(user, survey)
    results = survey_results(user, found)
    context = {
        "account": found.account,
        "results": results,
        "letters": letters_state(user, found, results.invitations, timezone.localdate()),
        "anonymous_from": ANONYMOUS_FROM,
        "writes_to_files": writes_to_files(),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/survey.html", context)


@require_POST
def send(request: HttpRequest, survey: int) -> HttpResponse:
    """Have the letters sent that did not go out."""
    user = editor(request)
    _send(request, survey_by_key(user, survey))
    return redirect("relationships:survey", survey=survey)


def _send(request: HttpRequest, made: Survey) -> None:
    try:
        run = request_letters(actor=person_of(request), survey=made)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    where = " They are written as files into the workspace: no mail server is set." if writes_to_files() else ""
    if run is None:
        messages.info(request, "Every letter went out already.")
    else:
        messages.success(request, f"The letters are on their way.{where}")
