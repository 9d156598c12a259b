"""Criteria: the page, the picture that follows what is written, and what saving changes and leaves."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline

from openkam.analytics.selection.criteria import Shape
from openkam.analytics.selection.programme import Programme
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.selection.models import Round, Scenario
from openkam.app.selection.operations.criteria import CriterionChange, add_criterion, change_criterion, remove_criterion
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.rounds import close_round, conduct_round
from openkam.app.selection.queries.criteria import criteria_page
from openkam.app.selection.queries.value_chart import nice_levels, value_chart
from openkam.app.selection.terms import Choice, RefusedError

FIRST = {"name": "contribution", "label": "Contribution", "weight": "4"}


def sent(*points: tuple[object, object], **others: str) -> dict[str, object]:
    return {
        **FIRST,
        "points_level": [str(level) for level, _ in points],
        "points_value": [str(value) for _, value in points],
        **others,
    }


def criteria(home) -> tuple:
    return Programme.load(home / "programme.toml").criteria


def test_the_list_shows_every_criterion_with_its_function(made: Round, head: User, signed_in):
    text = signed_in(head).get(reverse("selection:criteria")).content.decode()
    for words in ("Contribution", "contribution_margin", "up to 0", "from 100\N{NO-BREAK SPACE}k on", f"round {made.name}"):
        assert words in text
    assert text.count("<polyline") == len(criteria_page(head).lines)


def test_the_page_shows_the_function_over_the_accounts_of_the_latest_round(made: Round, head: User, signed_in):
    page = signed_in(head).get(reverse("selection:criterion", args=[1]))
    text = page.content.decode()
    assert page.context["line"].chart.spread.known == made.account_count
    assert text.count("ks w15") == 2
    assert "Saving changes no round" in text


def test_the_picture_follows_what_is_written(made: Round, head: User, signed_in):
    url = reverse("selection:criterion-chart", args=[1])
    answer = signed_in(head).post(url, sent((0, 0), (50_000, 1), (90_000, "0.2"), ("", "")))
    text = answer.content.decode()
    assert "<html" not in text
    assert "Peaked: best in the middle" in text
    assert "best at 50,000" in text
    assert text.count("ks w15") == 3
    assert criteria_page(head).lines[0].criterion.points == ((0.0, 0.0), (100_000.0, 1.0))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(0, 0)], "Needs at least two points [level, value]: add one."),
        ([(0, 0), (5, "")], "Point 2 has a level but no value: fill it in, or empty the row."),
        ([("", 0.5), (5, 1)], "Point 1 has a value but no level"),
        ([(0, 0), ("5,000", 1)], "“5,000” is no level that can be read: write 0.4 with a point"),
        ([(0, 0), ("nan", 1)], "“nan” is no level that can be read"),
        ([(0, 0), ("1e999", 1)], "is no level that can be read"),
        ([(0, 0), (5, 2)], "A value must lie between 0 and 1, but one is 2"),
        ([(0, 1), (5, 0), (9, 1)], "at 9 they rise again to 1: keep one peak"),
        ([(0, 0), (0, 1)], "Levels must rise from point to point, but 0 follows 0"),
        ([(0, "<script>alert(1)</script>"), (5, 1)], "“&lt;script&gt;alert(1)&lt;/script&gt;” is no value"),
    ],
)
def test_a_mistake_is_told_in_words_and_changes_nothing(made: Round, signed_in, home, points, words: str):
    head = user(Role.HEAD)
    before = (home / "programme.toml").read_text()
    client = signed_in(head)
    for name, status in (("selection:criterion-chart", 200), ("selection:criterion", 422)):
        answer = client.post(reverse(name, args=[1]), sent(*points))
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()
    assert (home / "programme.toml").read_text() == before


def test_saving_writes_the_programme_and_an_entry_and_no_round(made: Round, head: User, signed_in, home):
    account = baseline(made).candidates.first().account
    decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, made.as_of_on))
    close_round(actor=head, selection_round=made)
    rounds = [list(model.objects.order_by("pk").values()) for model in (Round, Scenario)]

    points = sent((90_000, 1), (0, 0), (40_000, 0.5), label="Margin <b>", reason="Budget round")
    assert signed_in(head).post(reverse("selection:criterion", args=[1]), points).status_code == 302

    kept = criteria(home)[0]
    assert (kept.label, kept.weight, kept.points) == ("Margin <b>", 4, ((0.0, 0.0), (40_000.0, 0.5), (90_000.0, 1.0)))
    entry = Entry.objects.latest("pk")
    assert (entry.actor, entry.verb, entry.reason) == (head, "changed the programme", "Budget round")
    assert [list(model.objects.order_by("pk").values()) for model in (Round, Scenario)] == rounds
    assert "<b>" not in signed_in(head).get(reverse("selection:criteria")).content.decode().split("Margin ")[1][:20]


def test_points_are_drafted_from_the_accounts(made: Round, head: User, signed_in):
    url = reverse("selection:criterion-chart", args=[1])
    for shape in Shape:
        text = signed_in(head).post(url, sent((0, 0), (1, 1), draft=str(shape))).content.decode()
        assert 'id="points"' in text
        assert 'id="preview" hx-swap-oob="true"' in text
        assert str(shape).capitalize() in text
    assert 'id="points"' not in signed_in(head).post(url, sent((0, 0), (1, 1), draft="sideways")).content.decode()


def test_a_criterion_is_added_and_removed(made: Round, head: User, signed_in, home):
    client = signed_in(head)
    url = reverse("selection:add-criterion")
    assert "net_sales" in client.get(url).content.decode()
    new = {"measure": "net_sales", "label": "Sales", "weight": "5", "shape": "rising"}
    assert client.post(url, new | {"measure": "contribution_margin"}).status_code == 422  # counts already
    count = len(criteria(home))
    assert client.post(url, new).url == reverse("selection:criterion", args=[count + 1])
    assert (criteria(home)[-1].name, criteria(home)[-1].measure) == ("net_sales", "net_sales")

    question = reverse("selection:remove-criterion", args=[count + 1])
    assert "Take Sales out of the programme?" in client.get(question).content.decode()
    assert client.post(question, {"name": "net_sales"}).status_code == 302
    assert len(criteria(home)) == count


def test_measures_that_take_a_model_are_offered_like_any_other(made: Round, head: User, signed_in, home):
    client, url = signed_in(head), reverse("selection:add-criterion")
    text = client.get(url).content.decode()
    for words in ("What it will still bring", "When it orders next", "probability_alive", "expected_credit_loss"):
        assert words in text
    new = {"measure": "silence_beyond_overdue_days", "label": "Silence", "weight": "5", "shape": "falling"}
    count = len(criteria(home))
    assert client.post(url, new).url == reverse("selection:criterion", args=[count + 1])
    assert criteria(home)[-1].measure == "silence_beyond_overdue_days"
    page = client.get(reverse("selection:criterion", args=[count + 1])).content.decode()
    assert "days" in page
    again = conduct_round(actor=head, run_id=None, name="With silence", as_of_on=made.as_of_on, tell=lambda _: None)
    silence = [one for one in baseline(again).criteria if one["name"] == "silence_beyond_overdue_days"]
    assert [(one["measure"], one["unit"]) for one in silence] == [("silence_beyond_overdue_days", "days")]


def test_the_last_criterion_stays_and_a_stale_page_changes_nothing(made: Round, head: User, home):
    change = CriterionChange("Other", 1, ((0.0, 0.0), (1.0, 1.0)))
    with pytest.raises(RefusedError, match="changed meanwhile"):
        change_criterion(actor=head, number=1, name="regularity", change=change)
    with pytest.raises(RefusedError, match="changed meanwhile"):
        remove_criterion(actor=head, number=9, name="regularity")
    for one in reversed(criteria(home)[1:]):
        remove_criterion(actor=head, number=len(criteria(home)), name=one.name)
    with pytest.raises(RefusedError, match="needs one"):
        remove_criterion(actor=head, number=1, name="contribution")


def test_what_no_round_measured_cannot_be_added(made: Round, head: User):
    for measure, words in (("made_up", "No round has measured made_up"), ("name", "No round has measured|do not differ")):
        with pytest.raises(RefusedError, match=words):
            add_criterion(actor=head, name="new", label="New", measure=measure, weight=1, shape=Shape.RISING)
    with pytest.raises(RefusedError, match="already"):
        add_criterion(actor=head, name="contribution", label="N", measure="net_sales", weight=1, shape=Shape.RISING)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.TEAM_MEMBER, Role.READ_ONLY, Role.ANALYST])
def test_nobody_else_changes_criteria(made: Round, signed_in, home, role: Role):
    before = (home / "programme.toml").read_text()
    person = user(role)
    client = signed_in(person)
    for name in ("criterion", "criterion-chart", "remove-criterion"):
        assert client.post(reverse(f"selection:{name}", args=[1]), sent((0, 0), (1, 1))).status_code == 403
    assert client.post(reverse("selection:add-criterion"), {}).status_code == 403
    with pytest.raises(PermissionDenied):
        remove_criterion(actor=person, number=1, name="contribution")
    with pytest.raises(PermissionDenied):
        add_criterion(actor=person, name="n", label="N", measure="net_sales", weight=1, shape=Shape.RISING)
    assert (home / "programme.toml").read_text() == before


def test_who_does_not_see_all_accounts_sees_the_functions_alone(made: Round, signed_in):
    narrow = user(Role.HEAD, scope=Scope.OWN)
    page = signed_in(narrow).get(reverse("selection:criterion", args=[1]))
    assert page.context["line"].chart.spread is None
    text = page.content.decode()
    assert "No accounts behind it" in text
    assert not {name for name in ("Steady", "Giant", "Small") if name in text}


def test_the_list_asks_as_much_whatever_the_number_of_criteria(made: Round, head: User, signed_in, django_assert_num_queries):
    client = signed_in(head)
    for number in (1, 3):
        while len(criteria_page(head).lines) > number:
            remove_criterion(actor=head, number=2, name=criteria_page(head).lines[1].criterion.name)
        for measure in ("net_sales", "order_count")[: max(0, number - len(criteria_page(head).lines))]:
            add_criterion(actor=head, name=measure, label=measure, measure=measure, weight=1, shape=Shape.RISING)
        with django_assert_num_queries(3):  # session, person, latest round
            client.get(reverse("selection:criteria"))


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-6, 106, [0, 25, 50, 75, 100]),
        (0.01, 0.011, [0.01, 0.0102, 0.0104, 0.0106, 0.0108, 0.011]),
    ],
)
def test_the_axis_has_round_levels(low: float, high: float, levels: list[float]):
    assert nice_levels(low, high) == levels


def test_a_function_says_where_it_is_worst_and_best():
    told = {
        points: value_chart(points, None)
        for points in (((0, 0), (5, 1), (9, 0)), ((0, 1), (5, 1), (9, 0)), ((0, 0), (2, 1), (4, 1), (9, 0.5)))
    }
    assert [(chart.worst, chart.best) for chart in told.values()] == [
        ("up to 0 and from 9 on", "at 5"),
        ("from 9 on", "up to 5"),
        ("up to 0", "2 to 4"),
    ]
