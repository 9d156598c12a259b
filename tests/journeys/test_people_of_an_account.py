"""The people at an account and what we believe about them: on a desk and a phone, in light and dark."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.factories.contacts import claim, contact, role
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, look_problems

from openkam.app.relationships.terms import BuyingCenterRole, Topic

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company, in a workspace of its own."""
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_its_pages_fit_and_are_accessible(open_page: OpenPage, firm: SmallCompany, size: str) -> None:
    anna = contact(firm.own, "Anna Berg", actor=firm.manager, honorific="Dr.", language="German", time_zone="Europe/Berlin")
    contact(firm.own, "Bernardo Fernández de la Torre", actor=firm.manager)
    role(anna, firm.own, category="Packaging")
    role(anna, firm.own, BuyingCenterRole.GATEKEEPER)
    today = timezone.localdate()
    claim(firm.own, "Buys a third elsewhere", topic=Topic.SHARE_OF_WALLET, as_of_on=today - timedelta(days=400))
    claim(firm.own, "Would recommend us", contact=anna, as_of_on=today - timedelta(days=45))
    claim(firm.own, "Retires next year", actor=firm.manager, contact=anna, topic=Topic.OTHER, is_private=True)
    room = f"/relationships/accounts/{firm.own.pk}"
    paths = (f"{room}/people/", f"{room}/claims/", anna.get_absolute_url(), f"{room}/people/add/", f"{room}/claims/add/")
    page = open_page(paths[0], person=firm.manager, size=size)
    assert [problem for path in paths for problem in look_problems(page, path)] == []
