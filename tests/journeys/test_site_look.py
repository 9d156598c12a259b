"""Every page's frame and components, on a desk and a phone, in light and dark, by mouse, keyboard and screen reader."""

import pytest
from tests.journeys.conftest import OpenPage, access_problems, scrolls_sideways

from openkam.app.people.models import User

pytestmark = pytest.mark.browser

LOOKS = [(size, theme) for size in ("desk", "phone") for theme in ("light", "dark")]


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_component_fits_and_is_accessible(open_page: OpenPage, administrator: User, size: str, theme: str) -> None:
    page = open_page("/style-guide/", person=administrator, size=size, theme=theme)
    page.wait_for_selector("figure.chart.drawn >> nth=1")
    page.screenshot(path=f"/tmp/pics/sg-{size}-{theme}.png", full_page=True)
    assert not scrolls_sideways(page)
    print(*access_problems(page), sep='\n'); assert access_problems(page) == []


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_way_in_fits_and_is_accessible(open_page: OpenPage, transactional_db: None, size: str, theme: str) -> None:
    page = open_page("/sign-in/login/", size=size, theme=theme)
    page.screenshot(path=f"/tmp/pics/in-{size}-{theme}.png", full_page=True)
    assert not scrolls_sideways(page)
    print(*access_problems(page), sep='\n'); assert access_problems(page) == []
