"""The guest page of a survey: no sign-in, one answer, in the guest's language."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openkam.app.portal.forms import AnswerForm
from openkam.app.portal.permissions import may_visit
from openkam.app.relationships.models import Invitation
from openkam.app.relationships.operations.surveys import SpentInvitationError, take_answer
from openkam.app.relationships.queries.surveys import ends_of, guest_language, invitation_of, questions_of, score_range


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questions, a score from the mail chosen already; keep the answer. A GET never writes: a preview spends no link."""
    if not may_visit(request):
        return _said(request, "busy", "en", status=429)
    found = invitation_of(token)
    # Of a link that is not ours nothing is known, not even a language.
    language = found.language if found else guest_language(request.headers.get("Accept-Language", "").partition(",")[0])
    with translation.override(language):
        if found is None:
            return _said(request, "unknown", language, status=404)
        if found.used_on is not None:
            return _said(request, "used", language, status=410)
        if timezone.localdate() > found.survey.closes_on:
            return _said(request, "expired", language, status=410)
        return _answer(request, found, token)


def _answer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    lowest, highest = score_range(found.survey)
    questions = questions_of(found.survey)
    chosen = request.GET.get("score", "")
    initial = {"q0": int(chosen)} if len(questions) == 1 and chosen in {str(n) for n in range(lowest, highest + 1)} else {}
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, questions=questions, lowest=lowest, highest=highest, initial=initial)
    if form.is_valid():
        try:
            take_answer(token=token, answers=form.scores(form.cleaned_data), comment=form.cleaned_data["comment"])
        except SpentInvitationError:
            return _said(request, "used", found.language, status=410)
        return _said(request, "thanks", found.language)
    low, high = ends_of(found.survey)
    context = {
        "form": form,
        "survey": found.survey,
        "lowest": lowest,
        "highest": highest,
        "low": low,
        "high": high,
        "language": found.language,
        "sender": found.survey.opened_by,
    }
    return render(request, "portal/survey.html", context, status=422 if form.errors else 200)


def _said(request: HttpRequest, what: str, language: str, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/said.html", {"what": what, "language": language}, status=status)
