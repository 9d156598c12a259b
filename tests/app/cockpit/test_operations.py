from pathlib import Path

import pytest
from tests.analytics.review.test_customers import PROGRAMME, seeded_ledger
from tests.factories.company import AS_OF

from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.selection.programme import Programme
from openkam.app.accounts.models import Account
from openkam.app.cockpit.operations import fill_demo
from openkam.app.people.models import User
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def test_the_demo_gets_its_people_and_every_account_of_the_review_once(tmp_path: Path):
    ledger = seeded_ledger(tmp_path / "ledger")
    review = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)
    first, second = (fill_demo(ledger=ledger, review=review) for _ in range(2))
    assert first == second
    assert first.role == Role.ADMINISTRATOR
    names = {name for name in review.accounts["current_manager"].to_pylist() if name}
    assert set(User.objects.filter(role=Role.MANAGER).values_list("name", flat=True)) == names
    assert User.objects.count() == 3 + len(names)
    assert Account.objects.count() == len(review.accounts)
