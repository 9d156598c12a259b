"""Letters of surveys: asked for by a page, sent by a run, each once; what the mail server takes, puts off and refuses is kept apart."""

import smtplib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone, translation

from openkam.analytics.terms import OpenKamError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Invitation, Survey
from openkam.app.relationships.queries.surveys import (
    ScoreLink,
    due_reminders,
    letters_left,
    questions_of,
    score_range,
    survey,
    writes_to_files,
)
from openkam.app.relationships.terms import GUEST_SURVEY_ADDRESS, LETTERS_KIND, ONE_QUESTION
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.runs.terms import TransientFaultError

OUTBOX = "outbox"
"""Where letters lie as files while no mail server is set, inside the workspace."""
PUT_OFF = range(400, 500)
"""Answers of a mail server that mean later, not never (RFC 5321, 4.2.1)."""
SHUTTING_DOWN = 421
"""The answer of a mail server that closes the connection: no letter of the session will go."""
LONGEST_FAILURE = 300


@dataclass(slots=True)
class Delivery:
    """What became of letters: `sent`, `refused` for good, `put_off` for now; `reason` of the last that was put off."""

    sent: int = 0
    refused: int = 0
    put_off: int = 0
    reason: str = ""


@transaction.atomic
def request_letters(*, actor: User, survey: Survey) -> Run | None:
    """Have the letters sent that did not go out, those that were refused among them; None where none is left.

    A run that is at it already is the answer: nobody gets two letters because somebody asked twice. Raises `ValidationError` where the
    survey is closed.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    known = Survey.objects.select_for_update(of=("self",)).select_related("run", "account").get(pk=survey.pk)
    if known.closes_on < timezone.localdate():
        raise ValidationError(f"It closed on {known.closes_on}: a letter would lead to a page that is closed.")
    if known.run is not None and known.run.is_open:
        return known.run
    if not known.invitations.filter(sent_at=None, used_on=None).update(is_refused=False, failure=""):
        return None
    title = f"Letters of a survey at {known.account.name}"[:200]
    known.run = request_run(actor=actor, kind=LETTERS_KIND, title=title, parameters={"survey_id": known.pk})
    known.save(update_fields=["run"])
    return known.run


def send_letters_of(*, actor: User, survey_id: int, tell: Callable[[str], None]) -> Mapping[str, object]:
    """Send the letters of a survey that were not sent yet, for somebody who still sees it.

    Raises `OpenKamError` where nothing can be sent, `TransientFaultError` where some have to wait: the next attempt sends those alone.
    """
    try:
        found = survey(actor, survey_id)
    except Http404 as error:
        raise OpenKamError("The survey is gone, or whoever asked for its letters does not see it any more.") from error
    if found.closes_on < timezone.localdate():
        raise OpenKamError(f"The survey closed on {found.closes_on}: nobody is written to.")
    return _told(_deliver(letters_left(found), "sent_at", tell, is_reminder=False))


def send_reminders(*, now_on: date, tell: Callable[[str], None]) -> Mapping[str, object]:
    """Remind everybody who was asked long enough ago and has not answered, once. Raises as `send_letters_of` does."""
    return _told(_deliver(due_reminders(now_on), "reminded_at", tell, is_reminder=True))


def _told(done: Delivery) -> Mapping[str, object]:
    if done.put_off:
        some = "1 letter waits" if done.put_off == 1 else f"{done.put_off} letters wait"
        raise TransientFaultError(f"{some}, {done.sent} went out: {done.reason}")
    return {"sent": done.sent, "refused": done.refused}


def _deliver(invitations: Iterable[Invitation], stamp: str, tell: Callable[[str], None], *, is_reminder: bool) -> Delivery:
    """Send one letter after the other and keep at once what became of it, so that an interrupted run sends none twice."""
    rows, done, connection = list(invitations), Delivery(), _connection()
    try:
        for place, one in enumerate(rows):
            tell(f"Letter {place + 1} of {len(rows)}")
            try:
                if not writes_to_files():
                    connection.open()  # one session for all of them, a file for each
                _letter(one, connection, is_reminder=is_reminder).send()
            except ValueError as error:  # an address that no header can carry
                _keep_failure(one, str(error)[:LONGEST_FAILURE], is_refused=True)
                done.refused += 1
                continue
            except OSError as error:
                said = _said(error)
                if _is_about_the_server(error):
                    _refuse_if_for_good(error, said)
                    done.put_off, done.reason = done.put_off + len(rows) - place, said
                    break
                _keep_failure(one, said, is_refused=not _is_put_off(error))
                if one.is_refused:
                    done.refused += 1
                else:
                    done.put_off, done.reason = done.put_off + 1, said
                continue
            one.failure, one.is_refused = "", False
            setattr(one, stamp, timezone.now())
            one.save(update_fields=[stamp, "failure", "is_refused"])
            done.sent += 1
    finally:
        connection.close()
    return done


def _keep_failure(one: Invitation, said: str, *, is_refused: bool) -> None:
    one.failure, one.is_refused = said, is_refused
    one.save(update_fields=["failure", "is_refused"])


def _codes(error: OSError) -> list[int]:
    """The answers of the mail server in an error; empty where it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_put_off(error: OSError) -> bool:
    codes = _codes(error)
    return bool(codes) and all(code in PUT_OFF for code in codes)


def _is_about_the_server(error: OSError) -> bool:
    """Whether no other letter would fare better: the server is away, refuses us, or ends the session."""
    a_letter = smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError
    return not isinstance(error, a_letter) or SHUTTING_DOWN in _codes(error)


def _refuse_if_for_good(error: OSError, said: str) -> None:
    """Raise `OpenKamError` for what no waiting mends: a sign-in or an encryption that the server does not accept."""
    refuses_us = isinstance(error, smtplib.SMTPResponseException) and not _is_put_off(error)
    if refuses_us or isinstance(error, smtplib.SMTPNotSupportedError):
        raise OpenKamError(f"The mail server does not let us send: {said} An administrator looks at OPENKAM_MAIL_URL.") from error


def _said(error: OSError) -> str:
    """What the mail server said, or what became of the connection, in one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        said = f"{type(error).__name__}: {error}"
    return " ".join(said.split())[:LONGEST_FAILURE]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said


def _connection() -> BaseEmailBackend:
    """The site's mail server, or files in the workspace where none is set."""
    if not writes_to_files():
        return get_connection()
    return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(Path(settings.OPENKAM_HOME) / OUTBOX))


def _letter(invitation: Invitation, connection: BaseEmailBackend, *, is_reminder: bool) -> EmailMultiAlternatives:
    survey = invitation.survey
    link = survey.site_address + GUEST_SURVEY_ADDRESS.format(token=invitation.token)
    lowest, highest = score_range(survey)
    scores = [ScoreLink(n, f"{link}?score={n}") for n in range(lowest, highest + 1)] if survey.kind in ONE_QUESTION else []
    with translation.override(invitation.language):
        context = {
            "survey": survey,
            "link": link,
            "scores": scores,
            "question": questions_of(survey)[0].text if scores else "",
            "is_reminder": is_reminder,
            "sender": survey.opened_by,
            "language": invitation.language,
        }
        subject = " ".join(render_to_string("relationships/letter_subject.txt", context).split())
        letter = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("relationships/letter.txt", context),
            to=[invitation.address],
            connection=connection,
        )
        letter.attach_alternative(render_to_string("relationships/letter.html", context), "text/html")
    return letter
