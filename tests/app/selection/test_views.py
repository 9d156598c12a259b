import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate, give

from openkam.app.people.terms import Role
from openkam.app.selection.models import Decision, Round, Scenario


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
