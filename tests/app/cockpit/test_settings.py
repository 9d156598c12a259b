"""The settings area: what each role finds there, and the organisation's page."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.planted import PROGRAMME

from openkam.app.audit.models import Entry
from openkam.app.people.models import Organisation
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db
FIRM = OrganisationDetails(name="Boutique <b>François</b>", currency="EUR", fiscal_year_start_month=4, time_zone="Asia/Tokyo")
SENT = {
    "name": "Boutique François",
    "legal_name": "Boutique François SARL",
    "country": "FR",
    "currency": "EUR",
    "fiscal_year_start_month": "4",
    "fiscal_year_start_day": "1",
    "week_start": "6",
    "time_zone": "Europe/Paris",
}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.OPENKAM_HOME = tmp_path
    return tmp_path


def links(client, path: str) -> list[str]:
    area = client.get(path).context["settings_area"]()
    return [link.label for _, group in area.groups for link in group]


def test_everybody_finds_their_own_settings_and_an_administrator_the_organisations(signed_in):
    own = ["Preferences", "Password", "Two-step sign-in", "Where you are signed in"]
    assert links(signed_in(user(Role.READ_ONLY)), "/settings/") == own
    assert links(signed_in(user(Role.HEAD)), "/settings/")[:5] == [*own, "Criteria"]
    assert links(signed_in(user()), "/settings/")[:8] == [*own, "Organisation", "People", "Teams", "Criteria"]


@pytest.mark.parametrize("path", ["/preferences/", "/people/", "/people/create/", "/accounts/fields/", "/settings/organisation/"])
def test_every_setting_has_the_menu_and_stands_under_settings(signed_in, path: str):
    page = signed_in(user()).get(path)
    area = page.context["settings_area"]()
    assert [link.href for _, group in area.groups for link in group if link.is_current] == [path.replace("create/", "")]
    main = [link.label for _, group in page.context["navigation"]() for link in group if link.is_current]
    assert main == ["Settings"]
    assert signed_in(user()).get("/accounts/").context["settings_area"]() is None


def test_every_page_says_whose_workspace_it_is(signed_in):
    change_organisation(actor=None, details=FIRM)
    text = signed_in(user(Role.READ_ONLY)).get("/preferences/").content.decode()
    assert "<title>Preferences · Boutique &lt;b&gt;François&lt;/b&gt; · OpenKAM</title>" in text
    assert "<b>François" not in text


def test_times_are_told_in_the_organisations_zone_unless_one_chose_another(signed_in):
    change_organisation(actor=None, details=FIRM)
    entry = Entry.objects.get()
    for person, zone in ((user(), "Asia/Tokyo"), (user(time_zone="America/Lima"), "America/Lima")):
        text = signed_in(person).get("/audit/").content.decode()
        assert f"{entry.at.astimezone(ZoneInfo(zone)):%H:%M}" in text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_an_administrator_changes_the_organisation(signed_in, role: Role):
    change_organisation(actor=None, details=FIRM)
    client = signed_in(user(role))
    assert client.get("/settings/organisation/").status_code == 403
    assert client.post("/settings/organisation/", SENT).status_code == 403
    assert Organisation.objects.get().name == FIRM.name


def test_the_organisation_is_changed_on_its_page(signed_in):
    client = signed_in(user())
    assert client.get("/settings/organisation/").status_code == 200
    assert client.post("/settings/organisation/", SENT | {"id": "7", "pk": "7"}).url == reverse("cockpit:organisation")
    made = Organisation.objects.get()
    assert (made.pk, made.name, made.country, made.week_start) == (1, "Boutique François", "FR", 6)
    refused = client.post("/settings/organisation/", SENT | {"fiscal_year_start_month": "2", "fiscal_year_start_day": "30"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["fiscal_year_start_day"])


def test_the_page_says_that_the_programme_reckons_in_another_currency(signed_in, home):
    (home / "programme.toml").write_text(PROGRAMME.replace("[programme]", '[programme]\ncurrency = "USD"', 1), encoding="utf-8")
    client = signed_in(user())
    change_organisation(actor=None, details=FIRM)
    assert "The programme says USD, the organisation EUR" in client.get("/settings/organisation/").content.decode()
    change_organisation(actor=None, details=replace(FIRM, currency="USD"))
    assert "The programme says" not in client.get("/settings/organisation/").content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_much_whatever_there_is(signed_in, django_assert_num_queries, people: int):
    change_organisation(actor=None, details=FIRM)
    client = signed_in(user())
    for _ in range(people - 1):
        user()
    with django_assert_num_queries(4):  # session, person, organisation, last round
        client.get("/settings/organisation/")
    with django_assert_num_queries(2):
        client.get("/settings/")
