from datetime import date

import pytest

from openkam.analytics.selection.criteria import RATING_POINTS, MissingRule
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.programme_terms import Candidates, EffortCurve, ServiceRate
from tests.factories.programmes import HEAD, LIMITS, programme

ANCHORS = 'anchors = ["a", "b", "c", "d", "e"]\n'
RATED = HEAD + '[[criterion]]\nname = "strategic"\nrating = "importance"\nweight = 1\n' + ANCHORS


def refused(body: str, head: str = HEAD) -> str:
    with pytest.raises(ProgrammeError) as caught:
        programme(body, head=head)
    return str(caught.value)


def criterion(**keys: str) -> str:
    return "[[criterion]]\n" + "".join(f"{k} = {v}\n" for k, v in keys.items())


def rating(**keys: str) -> str:
    usual = {
        "account": '"A"',
        "criterion": '"importance"',
        "value": "3",
        "evidence": '"minutes"',
        "rated_by": '"me"',
        "rated_on": "2026-01-15",
    }
    return "[[rating]]\n" + "".join(f"{k} = {v}\n" for k, v in (usual | keys).items())


def test_a_criterion_is_read_with_its_defaults() -> None:
    found = programme(head=RATED).criteria
    assert (found[0].label, found[0].missing, found[0].fallback_measure) == ("Worth", MissingRule.WORST, None)
    assert (found[1].measure, found[1].rating, found[1].points, len(found[1].anchors)) == (None, "importance", RATING_POINTS, 5)


@pytest.mark.parametrize(
    ("raw", "rule"), [('"worst"', MissingRule.WORST), ('"exclude"', MissingRule.EXCLUDE), ("0.5", 0.5), ("1", 1.0)]
)
def test_the_missing_rule_is_read(raw: str, rule: MissingRule | float) -> None:
    assert programme(head=HEAD + f"missing = {raw}\n").criteria[0].missing == rule


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "needs either measure or rating, one of the two: name the measure it reads, or the scale people rate it on."),
        ({"measure": '"m"', "rating": '"r"'}, "needs either measure or rating"),
        ({"measure": '"m"'}, "key points is missing: add the value function, for example points = [[0, 0], [100, 1]]."),
        (
            {"measure": '"m"', "points": "[[0, 0], [1, 1]]", "anchors": '["a"]'},
            "anchors belong to a rating, and this is a measure: remove",
        ),
        ({"rating": '"r"'}, "anchors has 0 sentences: write 5, one for each of 0, 1, 2, 3 and 4."),
        ({"rating": '"r"', "anchors": '["a", "b"]'}, "anchors has 2 sentences: write 5, one for each of 0, 1, 2, 3 and 4."),
        ({"rating": '"r"', "fallback_measure": '"m"'}, "fallback_measure belongs to a measure, and this is a rating: remove it."),
        (
            {"measure": '"m"', "points": "[[0, 0], [1, 1]]", "missing": '"worse"'},
            'missing must be "worst", "exclude" or a value from 0 to 1, but is "worse": correct it.',
        ),
        ({"measure": '"m"', "points": "[[0, 0], [1, 1]]", "missing": "1.5"}, "missing is 1.5, above 1: write at most 1."),
    ],
)
def test_it_refuses_impossible_criteria(keys: dict[str, str], words: str) -> None:
    message = refused("", HEAD + criterion(name='"second"', weight="1", **keys))
    assert "[[criterion]] 2 (second): " + words in message


def test_it_refuses_a_programme_without_criteria_or_weight() -> None:
    with pytest.raises(
        ProgrammeError, match=r"\[\[criterion\]\]: a programme needs at least one criterion: add a \[\[criterion\]\] table\."
    ):
        Programme.parse('[programme]\nname = "x"\n' + LIMITS)
    assert "line 8, [[criterion]] 1: all weights are 0, so nothing counts: give a criterion a weight above 0." in refused(
        "", HEAD.replace("weight = 1", "weight = 0")
    )


def test_it_refuses_two_criteria_of_one_name_or_scale() -> None:
    again = criterion(name='"worth"', measure='"m"', weight="1", points="[[0, 0], [1, 1]]")
    assert (
        'line 11, [[criterion]] 2: name "worth" stands in [[criterion]] 1 already: rename or remove one of the two.'
        in refused("", HEAD + again)
    )
    twice = RATED + criterion(name='"other"', rating='"importance"', weight="1") + ANCHORS
    assert '[[criterion]] 3: rating "importance" stands in [[criterion]] 2 already' in refused("", twice)


def test_ratings_are_read_and_several_raters_may_differ() -> None:
    found = programme(rating() + rating(rated_by='"you"', value="0"), head=RATED).ratings
    assert [(r.account, r.value, r.rated_by, r.rated_on) for r in found] == [
        ("A", 3, "me", date(2026, 1, 15)),
        ("A", 0, "you", date(2026, 1, 15)),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            rating(criterion='"importence"'),
            'no criterion is rated on "importence" (did you mean "importance"?): correct it or add the criterion.',
        ),
        (rating(value="5"), "value is 5, above 4: write at most 4."),
        (rating(value="-1"), "value is -1, below 0: write at least 0."),
        (rating(value="2.5"), "value must be a whole number, but is 2.5: write digits only."),
        (rating(evidence='""'), "evidence is empty: say something or remove the key."),
        (rating() + rating(value="1"), "me rates A on importance in [[rating]] 1 already: keep the later of the two."),
    ],
)
def test_it_refuses_impossible_ratings(body: str, words: str) -> None:
    assert words in refused(body, RATED)


def test_a_rating_needs_a_scale() -> None:
    assert "No criterion has a rating yet." in refused(rating())


def test_candidates_are_read() -> None:
    assert programme().candidates == Candidates()
    body = "[candidates]\nminimum_net_sales = -5\ninclude_prospects = true\nat_most = 7"
    assert programme(body).candidates == Candidates(-5.0, True, 7)
    assert "at_most is 0, below 1" in refused("[candidates]\nat_most = 0")


def test_effort_is_a_number_a_curve_or_nothing() -> None:
    assert programme().hours is None
    assert programme("[effort]\ncost = 6").cost == 6.0
    curve = '[effort]\nhours = { measure = "order_count", points = [[0, 40], [50, 80]] }'
    assert programme(curve).hours == EffortCurve("order_count", ((0.0, 40.0), (50.0, 80.0)), 80.0)
    assert programme(curve.replace("] }", "], missing = 5 }")).hours == EffortCurve(
        "order_count", ((0.0, 40.0), (50.0, 80.0)), 5.0
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("-1", "hours is -1, below 0: write at least 0."),
        ('"40"', 'hours must be a number, but is "40"'),
        ("{ points = [[0, 1], [1, 2]] }", "key hours.measure is missing: add it (measure that drives the effort)."),
        ('{ measure = "m", points = [[0, -1], [1, 2]] }', "hours.points is -1, below 0: write at least 0."),
        ('{ measure = "m", points = [[0, 1], [1, 2]], missing = -1 }', "hours.missing is -1, below 0: write at least 0."),
        ('{ measur = "m", points = [[0, 1], [1, 2]] }', 'key hours.measur is not known (did you mean "measure"?)'),
    ],
)
def test_it_refuses_impossible_effort(raw: str, words: str) -> None:
    assert "line 14, [effort]: " + words in refused(f"[effort]\nhours = {raw}")


def test_overrides_are_read_and_stand_once_per_account() -> None:
    body = '[[account]]\naccount = "A"\nhours = 3\nregion = "West"\n'
    found = programme(body).overrides[0]
    assert (found.hours, found.cost, found.attributes) == (3.0, None, (("region", "West"),))
    assert '[[account]] 2: account "A" stands in [[account]] 1 already' in refused(body + body)


def test_service_rates_are_read_by_activity() -> None:
    body = "[service_rates.visit]\nminutes_per_activity = 90\ncost_per_minute = 1\n[service_rates.'e-mail']\n"
    body += "minutes_per_activity = 5\ncost_per_minute = 0.8\n"
    assert programme(body).activity_rates == (ServiceRate("e-mail", 5.0, 0.8), ServiceRate("visit", 90.0, 1.0))
    assert programme(body).service_rates == {"e-mail": (5.0, 0.8), "visit": (90.0, 1.0)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "[service_rates]\nvisit = 3",
            "(visit): [service_rates.<activity>] must be a table of keys, but is 3: write key = value.",
        ),
        (
            "[service_rates.visit]\ncost_per_minute = 3",
            "(visit): key minutes_per_activity is missing: add it (minutes that one activity",
        ),
        ("[service_rates.visit]\nminutes_per_activity = -3\ncost_per_minute = 1", "minutes_per_activity is -3, below 0"),
        (
            '[service_rates."a\\u001b"]\ncost_per_minute = 1',
            "an activity needs a plain name: write [service_rates.<activity>] with the name",
        ),
        ('[service_rates." "]\ncost_per_minute = 1', "an activity needs a plain name"),
    ],
)
def test_it_refuses_impossible_service_rates(body: str, words: str) -> None:
    assert words in refused(body)


def test_the_provision_matrix_is_read_and_turned_to_upper_bounds() -> None:
    found = programme("[provision]\nbuckets = [[0, 0.003], [1, 0.02], [31, 0.05]]").provision
    assert found.rates_by_upper_bound == ((0, 0.003), (30, 0.02), (None, 0.05))
    assert programme().provision_rates == ((0, 0.003), (30, 0.016), (60, 0.036), (90, 0.066), (None, 0.106))


@pytest.mark.parametrize(
    ("buckets", "words"),
    [
        ("[[1, 0.1], [30, 0.2]]", "buckets start at day 1: start at 0, for what is not yet due."),
        ("[[0, 0.1], [30.5, 0.2]]", "buckets has a bound at day 30.5: write whole days."),
        ("[[0, 0.2], [30, 0.1]]", "the loss rate falls to 0.1 from day 30 on: older debt cannot be safer, correct the rate."),
        ("[[0, 0.2], [30, 1.1]]", "buckets is 1.1, above 1: write at most 1."),
    ],
)
def test_it_refuses_an_impossible_provision(buckets: str, words: str) -> None:
    assert f"line 14, [provision]: {words}" in refused(f"[provision]\nbuckets = {buckets}")


def test_a_provision_needs_its_buckets() -> None:
    assert "[provision]: key buckets is missing" in refused("[provision]")
