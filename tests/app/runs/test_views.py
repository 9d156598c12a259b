"""Pages about runs and schedules: who sees which, live progress that ends, buttons that work, the same queries for any number of rows."""

from collections.abc import Callable
from datetime import time

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import user
from tests.factories.runs import let_time_pass, queued, work_off

from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations import save_schedule
from openkam.app.runs.terms import LOST_AFTER_SECONDS, RunStatus

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SCHEDULE = {
    "title": "Nightly",
    "kind": "test-echo",
    "daily_at": "02:30",
    "time_zone": "Europe/Berlin",
    "is_enabled": "on",
    "parameters": "",
}


def page(client: Client, address: str, **filters: str) -> str:
    answer = client.get(address, filters)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, **filters: str) -> set[Run]:
    return {row.record for row in client.get("/runs/", filters).context["table"].rows}


def test_who_conducts_reviews_sees_all_runs_anybody_else_their_own(signed_in: SignIn):
    manager = user(Role.MANAGER)
    own, other = queued("test-anyone", manager), queued("test-anyone", user())
    assert listed(signed_in(user(Role.ANALYST))) == {own, other}
    assert listed(signed_in(manager)) == {own}
    assert listed(signed_in(user(Role.HEAD, scope=Scope.OWN))) == set()


@pytest.mark.parametrize("address", ["/runs/{}/", "/runs/{}/progress/"])
def test_another_person_s_run_is_not_there(address: str, signed_in: SignIn):
    run = queued("test-anyone", user())
    assert signed_in(user(Role.MANAGER)).get(address.format(run.pk)).status_code == 404


@pytest.mark.parametrize("act", ["cancel", "again"])
def test_another_person_s_run_cannot_be_touched(act: str, signed_in: SignIn):
    run = queued("test-anyone", user())
    assert signed_in(user(Role.MANAGER)).post(f"/runs/{run.pk}/{act}/").status_code == 404
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED
    assert Run.objects.count() == 1


def test_an_analyst_sees_another_s_run_but_cannot_cancel_it(signed_in: SignIn):
    run = queued("test-anyone", user(Role.MANAGER))
    client = signed_in(user(Role.ANALYST))
    assert "/cancel/" not in page(client, f"/runs/{run.pk}/")
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 403
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED


def test_filters_narrow_the_list(signed_in: SignIn):
    head = user(Role.HEAD)
    mine, echo = queued("test-anyone", head), queued("test-echo", user())
    Run.objects.filter(pk=echo.pk).update(status=RunStatus.DONE)
    client = signed_in(head)
    assert listed(client, status="done") == {echo}
    assert listed(client, kind="test-anyone") == {mine}
    assert listed(client, whose="mine") == {mine}
    assert "Anyone&#x27;s" in page(client, "/runs/", status="queued")


def test_whoever_opens_the_list_notices_a_lost_run(signed_in: SignIn):
    run = queued("test-anyone")
    Run.objects.update(status=RunStatus.RUNNING, heartbeat_at=run.queued_at)
    let_time_pass(run, LOST_AFTER_SECONDS + 1)
    assert "Lost" in page(signed_in(user()), "/runs/")
    run.refresh_from_db()
    assert run.status == RunStatus.LOST


def test_the_page_asks_for_progress_until_the_run_has_ended(signed_in: SignIn):
    run = queued("test-echo", user(Role.ANALYST), word="hello")
    client = signed_in(user())
    polls = f'hx-get="/runs/{run.pk}/progress/" hx-trigger="every 2s"'
    assert polls in page(client, f"/runs/{run.pk}/")
    Run.objects.update(status=RunStatus.RUNNING, progress_step="Reading orders.csv", progress_share=0.42)
    fragment = page(client, f"/runs/{run.pk}/progress/")
    assert polls in fragment
    assert "Reading orders.csv" in fragment
    assert "42" in fragment
    assert "<html" not in fragment
    Run.objects.update(status=RunStatus.DONE, outcome={"word": "hello"})
    ended = page(client, f"/runs/{run.pk}/progress/")
    assert "hx-" not in ended
    assert "hello" in ended
    assert "hx-get" not in page(client, f"/runs/{run.pk}/")


def test_what_a_job_wrote_is_escaped(signed_in: SignIn):
    script = "<script>alert(1)</script>"
    run = queued("test-echo", user(), word=script)
    Run.objects.update(
        title=script, log=script, failure=script, status=RunStatus.FAILED, outcome={script: script}, progress_step=script
    )
    client = signed_in(user())
    for address in ("/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/progress/"):
        assert script not in page(client, address)
    Run.objects.update(status=RunStatus.RUNNING)
    assert script not in page(client, f"/runs/{run.pk}/progress/")


def test_a_queued_run_is_cancelled_by_its_button(signed_in: SignIn):
    person = user(Role.READ_ONLY)
    run = queued("test-anyone", person)
    client = signed_in(person)
    assert f"/runs/{run.pk}/cancel/" in page(client, f"/runs/{run.pk}/")
    assert "Cancelled." in client.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    Run.objects.update(status=RunStatus.DONE)
    assert "had ended already: done" in client.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()


def test_a_running_run_is_asked_to_stop(signed_in: SignIn):
    person = user(Role.READ_ONLY)
    run = queued("test-anyone", person)
    Run.objects.update(status=RunStatus.RUNNING)
    shown = signed_in(person).post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()
    assert "It stops at its next step." in shown
    assert "Asked to stop" in shown
    run.refresh_from_db()
    assert run.cancel_asked_at is not None


def test_a_run_that_has_ended_starts_again_by_its_button(signed_in: SignIn):
    person = user(Role.READ_ONLY)
    run = queued("test-anyone", person)
    client = signed_in(person)
    assert "/again/" not in page(client, f"/runs/{run.pk}/")
    assert "has not ended" in client.post(f"/runs/{run.pk}/again/", follow=True).content.decode()
    Run.objects.update(status=RunStatus.LOST, failure="The worker went silent")
    assert f"/runs/{run.pk}/again/" in page(client, f"/runs/{run.pk}/")
    answer = client.post(f"/runs/{run.pk}/again/", follow=True)
    again = Run.objects.get(again_of=run)
    assert answer.redirect_chain[-1][0] == f"/runs/{again.pk}/"
    assert f"/runs/{again.pk}/" in page(client, f"/runs/{run.pk}/")
    assert f"/runs/{run.pk}/" in page(client, f"/runs/{again.pk}/")


@pytest.mark.parametrize("act", ["cancel", "again"])
def test_buttons_take_no_links_and_need_the_csrf_token(act: str, signed_in: SignIn):
    person = user()
    run = queued("test-anyone", person)
    assert signed_in(person).get(f"/runs/{run.pk}/{act}/").status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(f"/runs/{run.pk}/{act}/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(
    rows: int, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(rows):
        queued("test-anyone", user())
    client = signed_in(user())
    with django_assert_num_queries(5):  # session, user, lost runs, count, page
        assert client.get("/runs/").status_code == 200


def test_a_run_s_page_takes_few_queries(signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries):
    run = queued("test-anyone", user())
    client = signed_in(user())
    with django_assert_num_queries(4):  # session, user, run, what repeats it
        client.get(f"/runs/{run.pk}/progress/")


def test_a_schedule_is_made_changed_and_removed(signed_in: SignIn):
    client = signed_in(user(Role.HEAD))
    assert "Echo" in page(client, "/runs/schedules/create/")
    answer = client.post("/runs/schedules/create/", SCHEDULE | {"parameters": '{"word": "night"}'}, follow=True)
    assert "Nightly is scheduled." in answer.content.decode()
    schedule = Schedule.objects.get()
    assert (schedule.daily_at, schedule.time_zone, schedule.parameters) == (time(2, 30), "Europe/Berlin", {"word": "night"})
    assert schedule.next_at is not None
    assert "02:30 Europe/Berlin" in page(client, "/runs/schedules/")
    assert 'value="02:30"' in page(client, f"/runs/schedules/{schedule.pk}/")

    off = {name: value for name, value in SCHEDULE.items() if name != "is_enabled"}
    assert "switched off" in client.post(f"/runs/schedules/{schedule.pk}/", off, follow=True).content.decode()
    schedule.refresh_from_db()
    assert (schedule.is_enabled, schedule.next_at, schedule.parameters) == (False, None, {})

    assert "Its runs so far stay." in page(client, f"/runs/schedules/{schedule.pk}/remove/")
    assert "no longer scheduled" in client.post(f"/runs/schedules/{schedule.pk}/remove/", follow=True).content.decode()
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"parameters": "[1]"}, "with their names"),
        ({"parameters": "{"}, "valid JSON"),
        ({"kind": "test-anyone"}, "valid choice"),
        ({"time_zone": "Mars/Olympus"}, "valid choice"),
        ({"daily_at": "25:99"}, "valid time"),
        ({"title": ""}, "required"),
    ],
)
def test_a_wrong_schedule_says_what_is_wrong(wrong: dict[str, str], said: str, signed_in: SignIn):
    answer = signed_in(user()).post("/runs/schedules/create/", SCHEDULE | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Schedule.objects.exists()


def test_fields_that_the_form_does_not_show_cannot_be_set(signed_in: SignIn):
    signed_in(user()).post(
        "/runs/schedules/create/", SCHEDULE | {"next_at": "2000-01-01", "last_fired_at": "2000-01-01", "id": "77"}
    )
    schedule = Schedule.objects.get()
    assert schedule.next_at.year > 2000
    assert (schedule.last_fired_at, schedule.pk == 77) == (None, False)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_schedules_are_closed_to_who_may_not_change_settings(role: Role, signed_in: SignIn):
    schedule = save_schedule(
        actor=user(), schedule=Schedule(kind="test-echo", title="Secret", daily_at=time(2, 30), time_zone="UTC")
    )
    client = signed_in(user(role))
    assert "/runs/schedules/" not in page(client, "/runs/")
    for address in ("", "create/", f"{schedule.pk}/", f"{schedule.pk}/remove/"):
        answer = client.get(f"/runs/schedules/{address}")
        assert answer.status_code == 403
        assert "Secret" not in answer.content.decode()
        assert client.post(f"/runs/schedules/{address}", SCHEDULE).status_code in (403, 405)
    assert Schedule.objects.get().title == "Secret"


@pytest.mark.parametrize("rows", [1, 3])
def test_schedules_take_the_same_queries_for_any_number_of_rows(
    rows: int, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(rows):
        save_schedule(
            actor=user(), schedule=Schedule(kind="test-echo", title=f"S{number}", daily_at=time(2, 30), time_zone="UTC")
        )
    client = signed_in(user())
    with django_assert_num_queries(4):  # session, user, count, page
        assert client.get("/runs/schedules/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_run_s_page_shows_its_log_and_outcome(signed_in: SignIn):
    run = queued("test-echo", user(), word="hello")
    work_off()
    shown = page(signed_in(user()), f"/runs/{run.pk}/")
    for text in ("Heard something", "hello", "Done", "Code version"):
        assert text in shown
