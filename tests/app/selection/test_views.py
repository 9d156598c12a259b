from datetime import date

import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate, give

from openkam.app.people.terms import Role
from openkam.app.runs.models import Run
from openkam.app.selection.models import Decision, KeyStatus, Round, Scenario


def test_every_page_opens(made: Round, head, signed_in):
    client = signed_in(head)
    pages = [reverse(f"selection:{name}") for name in ("rounds", "start", "criteria", "programme")]
    pages += [reverse(f"selection:{name}", args=[made.pk]) for name in ("round", "compare", "decisions", "decide", "close")]
    pages += [reverse("selection:criterion", args=[1])]
    pages += [reverse("selection:explanation", args=[made.pk, candidate(made, name).pk]) for name in ("Steady", "Giant")]
    assert [(page, client.get(page).status_code) for page in pages if client.get(page).status_code != 200] == []
    drawer = client.get(pages[-1], headers={"HX-Request": "true", "HX-Target": "drawer"})
    assert b"<html" not in drawer.content


def test_a_manager_sees_only_their_own(made: Round, signed_in):
    manager = user(Role.MANAGER)
    give(manager, "Giant")
    client = signed_in(manager)
    own = reverse("selection:explanation", args=[made.pk, candidate(made, "Giant").pk])
    for page in (reverse("selection:round", args=[made.pk]), own, reverse("selection:compare", args=[made.pk])):
        text = client.get(page).content.decode()
        body = text[text.index("<main") : text.index("</main>")]
        assert not {name for name in ("Steady", "Second", "Small") if name in body}
    assert client.get(reverse("selection:explanation", args=[made.pk, candidate(made, "Steady").pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.READ_ONLY, Role.TEAM_MEMBER])
def test_acts_are_refused_without_the_permission(made: Round, signed_in, role: Role):
    client = signed_in(user(role))
    for name in ("try", "reasons", "decide", "close"):
        assert client.post(reverse(f"selection:{name}", args=[made.pk])).status_code == 403
    for name in ("start", "criteria", "programme"):
        assert client.get(reverse(f"selection:{name}")).status_code == 403
    assert client.get(reverse("selection:criterion", args=[1])).status_code == 403


def test_solving_again_exchanges_the_page_in_place(made: Round, head, signed_in):
    client = signed_in(head)
    answer = client.post(
        reverse("selection:try", args=[made.pk]),
        {"scenario": baseline(made).pk, "limits-accounts_at_most": "1", "criterion-1": "3", "criterion-2": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200, answer.content
    tried = Scenario.objects.get(is_baseline=False)
    assert answer["HX-Push-Url"].endswith(f"scenario={tried.pk}")
    assert tried.selected_count == 1


def test_a_decision_is_made_from_the_drawer(made: Round, head, signed_in):
    sent = {"accounts": candidate(made, "Giant").account_id, "choice": "override", "tier": "key", "valid_from": "2024-01-01"}
    assert signed_in(head).post(reverse("selection:decide", args=[made.pk]), sent).status_code == 422
    assert (
        signed_in(head).post(reverse("selection:decide", args=[made.pk]), sent | {"reason": "Turn it round"}).status_code == 302
    )
    assert Decision.objects.get().in_key


def test_all_clear_proposals_are_approved_in_one_go(made: Round, head, signed_in):
    client, url = signed_in(head), reverse("selection:decide", args=[made.pk])
    shown = client.get(url)
    accounts = shown.context["form"].initial["accounts"]
    assert {candidate.name for candidate in shown.context["candidates"]} == {"Steady", "Second"}
    sent = {"accounts": accounts, "choice": "approve", "tier": "", "valid_from": "2024-01-01", "valid_until": "2024-12-31"}
    assert client.post(url, sent).status_code == 302
    assert {(s.account.name, s.tier, s.until_on) for s in KeyStatus.objects.all()} == {
        ("Steady", "key", date(2024, 12, 31)),
        ("Second", "key", date(2024, 12, 31)),
    }
    assert "Nothing clear is left to approve" in client.get(url).content.decode()


def test_a_closed_round_shows_and_takes_nothing_to_change(made: Round, head, signed_in):
    client = signed_in(head)
    close = reverse("selection:close", args=[made.pk])
    assert client.get(close).context["open_count"] == 2
    assert "Nothing is decided yet" in client.post(close, follow=True).content.decode()
    sent = {"accounts": candidate(made, "Steady").account_id, "choice": "defer", "valid_from": "2024-01-01"}
    client.post(reverse("selection:decide", args=[made.pk]), sent)
    page = client.post(close, {"reason": "Board of May"}, follow=True).content.decode()
    assert "is closed" in page
    assert "Solve again" not in page
    again = client.post(reverse("selection:decide", args=[made.pk]), sent)
    assert (again.status_code, "is closed" in again.content.decode()) == (422, True)
    turned = {"scenario": baseline(made).pk, "limits-accounts_at_most": "1", "criterion-1": "3", "criterion-2": "1"}
    tried = client.post(reverse("selection:try", args=[made.pk]), turned)
    assert (tried.status_code, "is closed" in tried.content.decode()) == (422, True)


def test_a_figure_that_is_none_is_refused_at_its_field(made: Round, head, signed_in):
    sent = {"scenario": baseline(made).pk, "limits-accounts_at_most": "many"}
    answer = signed_in(head).post(reverse("selection:try", args=[made.pk]), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Enter a whole number" in answer.content.decode()
    assert Scenario.objects.count() == 1


def test_a_choice_not_proven_best_says_how_far_it_may_be_from_it(made: Round, head, signed_in):
    Scenario.objects.filter(pk=baseline(made).pk).update(gap=0.00231)
    page = signed_in(head).get(reverse("selection:round", args=[made.pk])).content.decode()
    assert "at most 0.3 % below the best possible" in page
    assert "proven best" not in page


def test_a_round_is_asked_for_on_its_page(made: Round, head, signed_in):
    client, url = signed_in(head), reverse("selection:start")
    assert "give another name" in client.post(url, {"name": made.name}).content.decode()
    assert client.post(url, {"name": "Next"}).status_code == 302
    assert Run.objects.get().title == "Review: Next"
    assert "Review: Next" in client.get(reverse("selection:rounds")).content.decode()


def test_candidates_are_taken_along_as_a_file(made: Round, head, signed_in):
    answer = signed_in(head).post(reverse("selection:export", args=[made.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="candidates-4-rows.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Rank,Account,Ledger account,Proposed,Utility,Contribution,Regular orders,Hours a year")
    assert [line.split(",")[1] for line in lines[1:3]] == ["Steady", "Second"]


def test_a_scenario_of_another_round_and_a_number_that_is_none_are_not_found(made: Round, head, signed_in):
    client, url = signed_in(head), reverse("selection:round", args=[made.pk])
    for asked in ("999999", "x", "9" * 30, "²"):
        assert client.get(url, {"scenario": asked}).status_code == 404
    assert client.get(reverse("selection:round", args=[made.pk + 1])).status_code == 404
