"""What the latest round says at home, on the page of an account and in the portfolio: to each only what they may see, sums included."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.factories.accounts import account
from tests.factories.measured_round import Weighed, measured_round
from tests.factories.people import user
from tests.factories.small_company import SmallCompany, small_company

from openkam.app.accounts.models import Account, AccountKey
from openkam.app.accounts.operations.accounts import delete_account
from openkam.app.cockpit.queries.account_standing import account_standing
from openkam.app.cockpit.queries.glance import glance
from openkam.app.cockpit.queries.portfolio import Choice, portfolio_page
from openkam.app.cockpit.queries.standing import counted, standings
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.selection.models import Round, Scenario
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.terms import Choice as Act
from openkam.app.selection.terms import Tier

TAG = re.compile(r"</?(?:span|b|time)\b[^>]*>")
"""Marks within a line of text."""
SignIn = Callable[[User], Client]
DAY = date(2016, 6, 1)
TODAY = date(2026, 11, 24)
OWN_SALES, FOREIGN_SALES = 1_000_000.0, 7_654_321.0
LIMITS = [
    {"name": f"manager:{name}", "used": 300.0, "bound": 330.0, "fill": 0.91, "is_binding": False, "label": ""}
    for name in ("Kayla Woodcock", "Hudson Onslow")
]
SECRETS = ("Unseen Bay", "Hudson Onslow", "7.65", "8.65", "7,654,321", "8,654,321")
"""The colleague's account, its figures, and the sums that would hold them."""


@pytest.fixture
def firm(db: None, tmp_path: Path, settings: Settings) -> SmallCompany:
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.fixture
def made(firm: SmallCompany, tmp_path: Path) -> Round:
    """The manager's account is proposed and close, another of theirs is left out, the colleague's is by far the largest."""
    left_out = Account.objects.get(name="Boutique François")
    return measured_round(
        tmp_path,
        firm.head,
        [
            Weighed(firm.own, OWN_SALES, service=100_000, is_selected=True, regret=0.2),
            Weighed(left_out, 200_000.0, service=150_000, region="North", growth=None, regret=0.4),
            Weighed(firm.foreign, FOREIGN_SALES, is_selected=True, region="Hidden Valley", regret=3.0),
        ],
        limits=LIMITS,
    )


def page(client: Client, name: str, *args: object, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return TAG.sub("", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def approve(
    firm: SmallCompany, made: Round, *accounts: Account, tier: Tier = Tier.KEY, choice: Act = Act.APPROVE, reason: str = ""
) -> None:
    verdict = Verdict(choice, DAY, tier=tier, reason=reason)
    decide(actor=firm.head, selection_round=made, account_ids=[one.pk for one in accounts], verdict=verdict)


def proposal_of(made: Round) -> Scenario:
    return Scenario.objects.get(round=made, is_baseline=True)


def test_a_head_finds_what_waits_what_key_accounts_carry_and_whose_hours_are_used(
    firm: SmallCompany, made: Round, signed_in: SignIn
):
    approve(firm, made, firm.foreign, tier=Tier.STRATEGIC)
    text = page(signed_in(firm.head), "cockpit:home")
    for said in (
        "1 strategic",
        "Decide on",
        "Hours for key accounts",
        "7.65",
        "8.85",
        "proposed in",
    ):
        assert said in text
    found = glance(firm.head, standings(firm.head, proposal_of(made), TODAY))
    assert (found.key_count, found.waiting_count, found.near_tie_count) == (1, 1, 1)
    assert found.key.net_sales == FOREIGN_SALES
    assert found.totals is not None
    assert found.totals.net_sales == OWN_SALES + 200_000 + FOREIGN_SALES
    assert [line.name for line in found.hours] == ["Kayla Woodcock", "Hudson Onslow"]


def test_a_deferred_decision_still_waits_and_a_closed_round_waits_for_nobody(firm: SmallCompany, made: Round):
    approve(firm, made, firm.own, choice=Act.DEFER, reason="Its buyer leaves")
    stand = standings(firm.head, proposal_of(made), TODAY)
    found = glance(firm.head, stand)
    assert [line.deferred.reason for line in found.waiting if line.deferred] == ["Its buyer leaves"]
    stand.round.status = "closed"
    assert glance(firm.head, stand).waiting == ()


def test_who_would_be_let_go_waits_too(firm: SmallCompany, made: Round, tmp_path: Path):
    approve(firm, made, firm.foreign)
    later = measured_round(tmp_path, firm.head, [Weighed(firm.foreign, 10_000.0), Weighed(firm.own, OWN_SALES, is_selected=True)])
    found = glance(firm.head, standings(firm.head, proposal_of(later), TODAY))
    assert [line.candidate.account for line in found.waiting] == [firm.own, firm.foreign]


def test_a_manager_finds_their_own_and_no_sum_tells_of_others(firm: SmallCompany, made: Round, signed_in: SignIn):
    approve(firm, made, firm.foreign, firm.own)
    client = signed_in(firm.manager)
    pages = [page(client, "cockpit:home"), page(client, "cockpit:portfolio"), page(client, "cockpit:account", firm.own.pk)]
    pages += [page(client, "cockpit:portfolio", axes=axes) for axes in ("sales", "hours")]
    for text in pages:
        assert [secret for secret in SECRETS if secret in text] == []
    assert "1 of your accounts is key" in pages[0]
    assert "1,000,000" in pages[0]
    assert "Boutique François" in pages[0]
    assert "1.20" in pages[1]  # the two accounts of theirs together
    assert "Hidden Valley" in page(signed_in(firm.head), "cockpit:portfolio")  # there is something to leak


def test_no_filter_opens_what_is_a_colleagues(firm: SmallCompany, made: Round, signed_in: SignIn):
    client = signed_in(firm.manager)
    for asked in ({"manager": str(firm.colleague.pk)}, {"region": "Hidden Valley"}, {"standing": "proposed"}):
        text = page(client, "cockpit:portfolio", **asked)
        body = text[text.index("<main") : text.index("</main>")]
        assert [secret for secret in SECRETS if secret in body] == []
    assert portfolio_page(firm.manager, Choice(manager=firm.colleague), TODAY).spots == ()


def test_a_head_of_narrow_scope_sees_the_sums_of_their_people_alone(firm: SmallCompany, made: Round):
    other = user(Role.HEAD, scope=Scope.SUBTREE)
    firm.manager.reports_to = other
    firm.manager.save()
    found = glance(other, standings(other, proposal_of(made), TODAY))
    assert found.totals is not None
    assert (found.totals.net_sales, found.hours) == (OWN_SALES + 200_000, ())
    assert [line.candidate.account for line in found.waiting] == [firm.own]


def test_the_portfolio_narrows_and_adds_up(firm: SmallCompany, made: Round, signed_in: SignIn):
    approve(firm, made, firm.foreign, tier=Tier.STRATEGIC)
    client = signed_in(firm.head)
    whole = page(client, "cockpit:portfolio")
    for said in ("3 accounts", "Whale curve", "Growth and margin", "By region", "Hidden Valley", "Strategic", "Proposed"):
        assert said in whole
    assert "Cost to serve is illustrative" not in whole or "round 2016-1" in whole
    for choice, names in (
        (Choice(manager=firm.colleague), {firm.foreign}),
        (Choice(region="North"), {Account.objects.get(name="Boutique François")}),
        (Choice(standing="proposed"), {firm.own}),
    ):
        assert {spot.account for spot in portfolio_page(firm.head, choice, TODAY).spots} == names
    assert "No account of yours is in this part" in page(client, "cockpit:portfolio", region="Nowhere")


def test_an_account_in_the_bin_counts_no_more(firm: SmallCompany, made: Round):
    delete_account(actor=firm.head, account=firm.foreign, reason="A double")
    page_ = portfolio_page(firm.head, Choice(), TODAY)
    assert page_.found is not None
    assert page_.found.totals.net_sales == OWN_SALES + 200_000
    assert firm.foreign not in {spot.account for spot in page_.spots}


def test_a_ledger_account_of_two_accounts_counts_for_the_first_alone(firm: SmallCompany, made: Round):
    theirs = AccountKey.objects.get(account=firm.foreign)
    AccountKey.objects.create(account=firm.own, source="erp", customer_key="second", ledger_account=theirs.ledger_account)
    assert theirs.ledger_account not in (counted(firm.manager)["included"] or ())
    assert portfolio_page(firm.manager, Choice(), TODAY).found.totals.net_sales == OWN_SALES + 200_000  # pyright: ignore


def test_without_a_round_the_pages_say_what_to_do(firm: SmallCompany, signed_in: SignIn):
    assert "Start a round" in page(signed_in(firm.head), "cockpit:portfolio")
    assert "An analyst or the head" in page(signed_in(firm.manager), "cockpit:portfolio")


def test_measures_that_cannot_be_read_are_said_and_nothing_is_made_up(
    firm: SmallCompany, made: Round, tmp_path: Path, signed_in: SignIn
):
    (tmp_path / "files/rounds" / made.measures_file).unlink()
    client = signed_in(firm.head)
    for name, args in (("cockpit:home", ()), ("cockpit:portfolio", ())):
        assert "cannot be read" in page(client, name, *args)
    assert "What is left of sales" not in page(client, "cockpit:account", firm.own.pk)


def test_an_account_shows_its_standing_reasons_money_and_decisions(firm: SmallCompany, made: Round, signed_in: SignIn):
    client = signed_in(firm.head)
    assert "proposed, not decided" in page(client, "cockpit:account", firm.own.pk)
    approve(firm, made, firm.own, choice=Act.OVERRIDE, reason="It closes in autumn")
    left_out = Account.objects.get(name="Boutique François")
    approve(firm, made, left_out, choice=Act.OVERRIDE, reason="It opens twelve shops", tier=Tier.STRATEGIC)
    text = page(client, "cockpit:account", left_out.pk)
    for said in (
        "Strategic since",
        "Key against the proposal",
        "near-tie",
        "It opens twelve shops",
        "Cost to serve",
        "illustrative",
    ):
        assert said in text
    standing = account_standing(firm.head, left_out, TODAY)
    assert standing.money is not None
    assert [step.amount for step in standing.money.steps] == [200_000, -100_000, 100_000, -150_000, -50_000]
    assert next(line for line in standing.money.lines if line.shown.name == "growth_per_year").value is None
    assert [line.fill for line in standing.criteria] == pytest.approx([1 / 4.5, 1 / 1.5])


def test_a_status_that_has_run_out_is_history(firm: SmallCompany, made: Round):
    decide(
        actor=firm.head,
        selection_round=made,
        account_ids=[firm.own.pk],
        verdict=Verdict(Act.APPROVE, DAY, valid_until=DAY + timedelta(days=30)),
    )
    assert account_standing(firm.head, firm.own, DAY).status is not None
    later = account_standing(firm.head, firm.own, TODAY)
    assert later.status is None
    assert len(later.ended) == 1


def test_an_account_that_was_not_weighed_says_so(firm: SmallCompany, made: Round, signed_in: SignIn):
    unweighed = Account.objects.get(name="Contoso")
    assert "The latest round did not weigh it" in page(signed_in(firm.head), "cockpit:account", unweighed.pk)


ROLES = (Role.MANAGER, Role.HEAD, Role.ADMINISTRATOR, Role.ANALYST)
QUERIES = {"cockpit:home": (21, 23, 27, 18), "cockpit:portfolio": (11, 11, 11, 11)}
"""Of each page for each of the roles."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", QUERIES)
def test_pages_take_as_many_queries_for_one_candidate_as_for_three(
    firm: SmallCompany, tmp_path: Path, django_assert_num_queries: Callable[..., object], role: Role, name: str
):
    people = (firm.manager, firm.head, firm.administrator, firm.analyst)
    client = Client()
    client.force_login(people[ROLES.index(role)])
    weighed: list[Weighed] = []
    for size in (1, 3):
        while len(weighed) < size:
            one = account(actor=firm.administrator, manager=firm.manager)
            weighed.append(Weighed(one, 1_000.0 * (len(weighed) + 1), is_selected=True, regret=0.1))
        made = measured_round(tmp_path, firm.head, weighed)
        for _ in range(5):  # so that the newest entries of the audit are alike
            approve(firm, made, weighed[0].account, choice=Act.DEFER)
        page(client, name)
        with django_assert_num_queries(QUERIES[name][ROLES.index(role)]):
            page(client, name)


def test_an_account_takes_as_many_queries_with_more_decisions(
    firm: SmallCompany, tmp_path: Path, signed_in: SignIn, django_assert_num_queries: Callable[..., object]
):
    client = signed_in(firm.head)
    for number in range(3):
        made = measured_round(tmp_path, firm.head, [Weighed(firm.own, OWN_SALES, is_selected=True, regret=0.2)])
        verdict = Verdict(Act.APPROVE, DAY + timedelta(days=number))
        decide(actor=firm.head, selection_round=made, account_ids=[firm.own.pk], verdict=verdict)
        if number != 1:
            with django_assert_num_queries(35):
                page(client, "cockpit:account", firm.own.pk)
