"""Risk and return of the segments over the months of the ledger."""

from datetime import date

import numpy as np
import pytest
from tests.factories.ledger_facts import facts_of

from openkam.analytics.behaviour.facts import months_before
from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.customer_mix import LARGEST, OTHERS, customer_mix

AS_OF = date(2024, 6, 30)
CUSTOMERS = [{"customer_key": key, "category": category} for key, category in (("a", "Calm"), ("b", "Wild"))]


def months(count=30, margins=None):
    """Calm sells 100 a month at 30 of contribution; Wild sells 100 too, at 60 and 20 in turn."""
    told = margins or {"a": lambda n: 30, "b": lambda n: 60 if n % 2 else 20}
    return [
        {"customer_key": key, "transacted_on": months_before(AS_OF, n), "net_amount": 100, "cost_amount": 100 - margin(n)}
        for key, margin in told.items()
        for n in range(count)
    ]


def test_weights_returns_and_betas_of_a_worked_case(engine):
    found = customer_mix(facts_of(engine, customers=CUSTOMERS, transactions=months()), 0.1)
    assert (found.segments, found.months) == (("Calm", "Wild"), 29)
    assert found.frontier.today.weights.tolist() == [0.5, 0.5]
    assert found.frontier.today.mean == pytest.approx(np.mean([0.3, np.mean([60 if n % 2 else 20 for n in range(29)]) / 100]))
    assert found.beta == pytest.approx((0, 1))
    assert found.reward[0] is None
    assert found.margins[0] == pytest.approx(30)
    # The least risk within the bounds leaves the wild segment as far as it may.
    assert found.frontier.mixes[0].weights.tolist() == pytest.approx([0.6, 0.4])
    assert found.frontier.mixes[-1].weights.tolist() == pytest.approx([0.4, 0.6])
    assert not found.frontier.is_thin


def test_the_smallest_of_many_segments_are_joined(engine):
    keys = [f"k{number:02}" for number in range(LARGEST + 3)]
    customers = [{"customer_key": key, "category": f"S{key}"} for key in keys]
    lines = months(14, {key: lambda n, place=place: 10 + (n * place) % 7 for place, key in enumerate(keys)})
    found = customer_mix(facts_of(engine, customers=customers, transactions=lines), 0.05)
    assert len(found.segments) == LARGEST + 1
    assert OTHERS in found.segments
    assert sum(found.frontier.today.weights) == pytest.approx(1)
    assert found.frontier.is_thin


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (months(6), "at least 12"),
        ([{"customer_key": "a", "net_amount": 5}], "at least 12"),
        (months(20, {"a": lambda n: 30}), "not two segments"),
    ],
)
def test_a_history_that_cannot_tell_says_why(engine, lines, words):
    with pytest.raises(OpenKamError, match=words):
        customer_mix(facts_of(engine, customers=CUSTOMERS, transactions=lines), 0.05)
