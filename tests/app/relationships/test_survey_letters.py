"""Letters of surveys: sent by a run over a real mail server, each once; what is put off comes again, what is refused is told."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.factories.contacts import contact
from tests.factories.people import user
from tests.factories.runs import let_time_pass, work_off
from tests.factories.smtp_server import DROP, HANG, SmtpServer, smtp_server
from tests.factories.surveys import survey

from openkam.app.people.terms import Role
from openkam.app.relationships.models import Survey
from openkam.app.relationships.operations.survey_letters import request_letters
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.runs.terms import RunStatus

pytestmark = pytest.mark.django_db(transaction=True)  # a worker opens a connection of its own

WAITING = ">on its way<"


@pytest.fixture
def server(settings: Settings) -> Iterator[SmtpServer]:
    """The site's mail server."""
    with smtp_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", made.port, 20
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield made


@pytest.fixture
def asked(world) -> Survey:
    """A survey of three people; nothing is sent yet."""
    return survey(world.own, [world.anna, contact(world.own, "Ben"), contact(world.own, "Cleo")])


@pytest.fixture
def client_of(world):
    def client(person) -> Client:
        made = Client()
        made.force_login(person)
        return made

    return client


def addresses(asked: Survey) -> list[str]:
    return list(asked.invitations.values_list("address", flat=True))


def page(client: Client, asked: Survey) -> str:
    answer = client.get(reverse("relationships:survey", args=[asked.pk]))
    assert answer.status_code == 200
    return answer.text


def again(run: Run) -> None:
    """Let the time of a retry come."""
    let_time_pass(run, 400)
    work_off()
    run.refresh_from_db()


def test_a_page_never_waits_for_the_mail_server(world, asked, server, client_of, settings):
    settings.EMAIL_TIMEOUT = 1
    server.answers = {address: [HANG] for address in addresses(asked)}
    client, started = client_of(world.manager), time.monotonic()
    answer = client.post(reverse("relationships:send_survey", args=[asked.pk]))
    assert answer["Location"] == reverse("relationships:survey", args=[asked.pk])
    text = page(client, asked)
    assert time.monotonic() - started < 20
    assert server.sessions == 0
    assert "letters are on their way" in text
    assert text.count(WAITING) == 3
    assert "Send what is left" not in text
    run = Run.objects.get()
    started = time.monotonic()
    work_off()
    assert time.monotonic() - started < 20, "of three letters to a server that hangs only the first one waits"
    run.refresh_from_db()
    assert (run.status, run.attempt, server.sessions) == (RunStatus.QUEUED, 2, 1)
    assert "The mail server put letters off: attempt" in page(client, asked)
    server.answers = {}
    again(run)
    assert (run.status, run.outcome, server.recipients) == (RunStatus.DONE, {"sent": 3, "refused": 0}, addresses(asked))
    assert WAITING not in page(client, asked)


def test_what_was_sent_is_never_sent_twice_and_what_was_put_off_comes_again(world, asked, server, client_of):
    first, second, third = addresses(asked)
    server.answers = {second: ["450 4.2.0 greylisted", "250 OK"]}
    run = request_letters(actor=world.manager, survey=asked)
    assert run is not None
    assert request_letters(actor=world.manager, survey=asked) == run
    work_off()
    run.refresh_from_db()
    assert (run.status, run.attempt, server.recipients) == (RunStatus.QUEUED, 2, [first, third])
    assert "450 4.2.0 greylisted" in page(client_of(world.manager), asked)
    again(run)
    assert (run.status, run.outcome, server.recipients) == (RunStatus.DONE, {"sent": 1, "refused": 0}, [first, third, second])
    assert set(asked.invitations.values_list("failure", "is_refused")) == {("", False)}
    assert asked.invitations.filter(sent_at=None).count() == 0
    assert request_letters(actor=world.manager, survey=asked) is None


def test_who_is_refused_for_good_is_told_and_asked_again_only_by_hand(world, asked, server, client_of):
    first, second, third = addresses(asked)
    server.answers = {second: ["550 5.1.1 no such user"]}
    request_letters(actor=world.manager, survey=asked)
    work_off()
    run = Run.objects.get()
    assert (run.status, run.outcome, server.recipients) == (RunStatus.DONE, {"sent": 2, "refused": 1}, [first, third])
    client = client_of(world.manager)
    text = page(client, asked)
    assert "550 5.1.1 no such user" in text
    assert ">refused<" in text
    assert "Send what is left" in text
    server.answers = {}
    client.post(reverse("relationships:send_survey", args=[asked.pk]))
    work_off()
    assert server.recipients == [first, third, second]
    assert "550" not in page(client, asked)


@pytest.mark.parametrize("fault", [DROP, "421 4.3.2 shutting down"])
def test_a_session_that_ends_in_the_middle_stops_the_attempt_and_loses_nothing(world, asked, server, fault: str):
    first, second, third = addresses(asked)
    server.answers = {second: [fault, "250 OK"]}
    run = request_letters(actor=world.manager, survey=asked)
    assert run is not None
    work_off()
    run.refresh_from_db()
    assert (run.status, server.recipients) == (RunStatus.QUEUED, [first])
    assert "2 letters wait, 1 went out" in run.log
    again(run)
    assert (run.status, server.recipients) == (RunStatus.DONE, [first, second, third])


def test_a_server_that_stays_away_fails_the_run_with_its_reason_and_the_page_offers_another(world, asked, server, client_of):
    server.greeting = "421 4.3.2 closed for today"
    run = request_letters(actor=world.manager, survey=asked)
    assert run is not None
    work_off()
    for _ in range(12):
        again(run)
    assert (run.status, run.attempt) == (RunStatus.FAILED, 10)
    text = page(client_of(world.manager), asked)
    assert "Letters were given up" in text
    assert "3 letters wait, 0 went out: 421 4.3.2 closed for today" in text
    assert text.count("not sent") == 3
    assert "Send what is left" in text


def test_a_server_that_does_not_know_us_fails_at_once_in_words(world, asked, server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "openkam", "wrong"
    run = request_letters(actor=world.manager, survey=asked)
    assert run is not None
    work_off()
    run.refresh_from_db()
    assert (run.status, run.attempt) == (RunStatus.FAILED, 1)
    assert "The mail server does not let us send" in run.failure
    assert "wrong" not in run.failure + run.log


def test_nobody_is_listening(world, asked, settings):
    with smtp_server() as gone:
        port = gone.port
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", port,
    )  # fmt: skip
    run = request_letters(actor=world.manager, survey=asked)
    assert run is not None
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED
    assert "ConnectionRefusedError" in run.log


def test_a_closed_survey_and_one_out_of_sight_are_written_for_by_nobody(world, asked, server, client_of):
    Survey.objects.filter(pk=asked.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="It closed on"):
        request_letters(actor=world.manager, survey=asked)
    assert "Send what is left" not in page(client_of(world.manager), asked)
    answer = client_of(world.manager).post(reverse("relationships:send_survey", args=[asked.pk]), follow=True)
    assert "a letter would lead to a page that is closed" in answer.text
    Survey.objects.filter(pk=asked.pk).update(closes_on=timezone.localdate())
    theirs = survey(world.foreign, [world.secret])
    request_run(actor=world.manager, kind="survey-letters", title="Forged", parameters={"survey_id": theirs.pk})
    work_off()
    run = Run.objects.get()
    assert (run.status, server.sessions) == (RunStatus.FAILED, 0)
    assert "does not see it any more" in run.failure
    with pytest.raises(PermissionDenied):
        request_letters(actor=user(Role.READ_ONLY), survey=asked)
    assert client_of(user(Role.READ_ONLY)).post(reverse("relationships:send_survey", args=[asked.pk])).status_code in (403, 404)
    assert client_of(world.manager).post(reverse("relationships:send_survey", args=[theirs.pk])).status_code == 404
    assert Run.objects.count() == 1


def test_an_address_that_no_letter_can_carry_does_not_stop_the_others(world, asked, server):
    first, second, third = addresses(asked)
    asked.invitations.filter(address=second).update(address="two@@example.org, three")
    request_letters(actor=world.manager, survey=asked)
    work_off()
    assert (Run.objects.get().outcome, server.recipients) == ({"sent": 2, "refused": 1}, [first, third])
    assert asked.invitations.get(is_refused=True).failure


def test_a_reminder_is_put_off_and_refused_like_a_letter(world, asked, server):
    first, second, third = addresses(asked)
    asked.invitations.update(sent_at=timezone.now() - timedelta(days=9))
    server.answers = {first: ["550 5.7.1 gone"], second: ["451 4.7.1 later", "250 OK"]}
    run = request_run(actor=world.manager, kind="remind-of-surveys", title="Remind", parameters={})
    work_off()
    again(run)
    assert (run.status, run.outcome, server.recipients) == (RunStatus.DONE, {"sent": 1, "refused": 0}, [third, second])
    # The next night asks nobody who refused for good.
    run = request_run(actor=world.manager, kind="remind-of-surveys", title="Remind", parameters={})
    work_off()
    run.refresh_from_db()
    assert (run.outcome, server.sessions) == ({"sent": 0, "refused": 0}, 2)
    assert asked.invitations.get(address=first).failure == "550 5.7.1 gone"
    assert asked.invitations.filter(reminded_at=None).count() == 1


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_as_many_queries_for_three_as_for_one(world, client_of, django_assert_num_queries, people: int):
    made = survey(world.own, [contact(world.own, f"Person {number}") for number in range(people)])
    request_letters(actor=world.manager, survey=made)
    client = client_of(world.manager)
    with django_assert_num_queries(5):
        assert page(client, made).count(WAITING) == people


def test_a_colleague_who_may_not_read_the_run_is_not_sent_to_it(world, asked, client_of):
    run = request_letters(actor=user(Role.ADMINISTRATOR), survey=asked)
    assert isinstance(run, models.Model)
    assert reverse("runs:detail", args=[run.pk]) not in page(client_of(world.manager), asked)
    assert reverse("runs:detail", args=[run.pk]) in page(client_of(user(Role.HEAD)), asked)
