"""The people map shows what its reader may see, as of a day; coverage, what-if and exports say the same."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import SINCE, claim, contact, role
from tests.factories.interactions import interaction, mail, promise
from tests.factories.people import user

from openkam.app.accounts.operations.assignment import share_account
from openkam.app.people.terms import Function, Level, Role
from openkam.app.relationships.models import InfluenceLine, MapPlace, Participant, PeopleMap, ReportingLine
from openkam.app.relationships.operations.employments import end_employment
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.operations.people_maps import save_map
from openkam.app.relationships.queries.map_coverage import coverage_panel
from openkam.app.relationships.queries.map_drawing import map_drawing
from openkam.app.relationships.queries.map_people import map_view, people_map
from openkam.app.relationships.terms import BuyingCenterRole, Side, Topic

TODAY = timezone.localdate()


def seen(user_, account, choice="", day=TODAY):
    return people_map(user_, map_view(user_, account, choice, day))


def address(world, name="people_map", *more, account=None):
    return reverse(f"relationships:{name}", args=[(account or world.own).pk, *more])


@pytest.fixture
def center(world):
    """Anna decides and reports to Bo, who uses; Anna is known by the manager, nobody knows Bo."""
    bo = contact(world.own, "Bo Lind", actor=world.manager)
    role(world.anna, world.own, BuyingCenterRole.DECIDER)
    role(bo, world.own, BuyingCenterRole.USER, category="Packaging")
    set_superior(actor=world.manager, account=world.own, contact=world.anna, superior=bo, from_on=SINCE)
    draw_influence(actor=world.manager, account=world.own, contact=bo, target=world.anna, from_on=SINCE)
    for days in range(1, 12):
        mail(world.own, world.manager, world.anna, timezone.now() - timedelta(days=days))
    return bo


def test_the_map_shows_people_lines_and_ties_as_of_a_day(world, center):
    page = seen(world.manager, world.own)
    by_name = {person.contact.name: person for person in page.theirs}
    anna, bo = by_name["Anna Berg"], by_name["Bo Lind"]

    assert (anna.superior, bo.reports, [sway.target for sway in bo.sways]) == (bo, [anna], [anna])
    assert [(tie.ours.user.name, tie.strength > 0.5) for tie in anna.known_by] == [("Kayla", True)]
    assert (anna.does, bo.does, anna.stance, bo.y < anna.y) == ("decides", "uses", None, True)
    assert seen(world.manager, world.own, day=date(2014, 1, 1)).theirs == []
    end_employment(actor=world.manager, employment=center.employments.get(), until_on=TODAY - timedelta(days=1))
    assert [person.contact.name for person in seen(world.manager, world.own).theirs] == ["Anna Berg"]
    assert len(seen(world.manager, world.own, day=TODAY - timedelta(days=1)).theirs) == 2


def test_the_drawing_has_a_line_for_each_tie_and_says_from_whom_to_whom(world, center):
    claim(world.own, contact=center, topic=Topic.POWER, value=3)
    drawn = map_drawing(seen(world.manager, world.own), address="?person=")
    anna, bo, ours = f"c{world.anna.pk}", f"c{center.pk}", f"u{world.manager.pk}"
    lines = re.findall(r'<g class="([a-z-]+)[^>]*>((?:<path data-from[^>]*>)+)</g>', drawn)

    assert {kind: re.findall(r'data-from="(\w+)" data-to="(\w+)"', paths) for kind, paths in lines} == {
        "pm-tie": [(anna, ours)],
        "pm-reports": [(anna, bo)],
        "pm-sways": [(bo, anna)],
    }
    squares = {
        kind: path.count("M") for kind, path in re.findall(r'<path class="(pm-power|pm-empty) pm-fresh"[^>]* d="([^"]+)"', drawn)
    }
    assert squares == {"pm-power": 3, "pm-empty": 1}


def test_ties_of_one_person_that_look_alike_are_one_line_with_an_end_at_each(world, center):
    colleague = user(name="Cleo")
    for days in range(1, 12):
        mail(world.own, colleague, world.anna, timezone.now() - timedelta(days=days))
    drawn = map_drawing(seen(world.manager, world.own), address="?person=")
    [(ends, path)] = re.findall(rf'<path data-from="c{world.anna.pk}" data-to="(u[^"]+)" d="([^"]+)"', drawn)

    assert set(ends.split()) == {f"u{world.manager.pk}", f"u{colleague.pk}"}
    assert path.count("M") == path.count("c") == 2


def test_what_nobody_sees_from_afar_waits_in_a_template_and_stands_in_the_cards_on_paper(world, center):
    for number in range(120):
        contact(world.own, f"Mona <b>{number}", actor=world.manager)
    page = seen(world.manager, world.own)
    drawn, waiting = map_drawing(page, address="?person=").split("<template data-map-near>")

    assert (drawn.count('class="pm-name"'), drawn.count('class="pm-initials"')) == (0, 122)
    assert re.findall(r'data-near="(\w+)"', waiting) == re.findall(r'data-key="(\w+)"', drawn)
    assert (waiting.count('class="pm-name"'), "<b>" in waiting) == (123, False)
    assert map_drawing(page).count('class="pm-name"') == 123


def test_a_category_shows_who_has_a_role_in_it(world, center):
    contact(world.own, "Without a role")

    assert len(seen(world.manager, world.own).theirs) == 3
    assert len(seen(world.manager, world.own, "category:packaging").theirs) == 2
    assert [person.contact.name for person in seen(world.manager, world.own, "category:Tools").theirs] == ["Anna Berg"]
    assert seen(world.manager, world.own, "category:Tools").in_post_count == 3


def test_claims_that_have_faded_fade_the_card(world, center):
    old = TODAY - timedelta(days=400)
    claim(world.own, contact=center, value=-1, as_of_on=old, shelf_life_days=30)
    claim(world.own, contact=world.anna, value=2, as_of_on=old, shelf_life_days=30)
    claim(world.own, "Signs", contact=world.anna, topic=Topic.POWER, value=4)
    page = seen(world.manager, world.own)
    by_name = {person.contact.name: person for person in page.theirs}

    assert (by_name["Bo Lind"].months_ago, by_name["Anna Berg"].months_ago) == (13, None)
    assert (by_name["Anna Berg"].stance.is_faded, by_name["Anna Berg"].power.is_faded) == (True, False)
    assert page.faded == [by_name["Bo Lind"]]
    assert seen(world.manager, world.own, day=old).faded == []


def test_coverage_and_what_if_somebody_leaves(world, center):
    page = seen(world.manager, world.own)
    panel = coverage_panel(world.manager, page)
    assert panel.coverage == pytest.approx(1 / 7)
    assert {line.label: line.state for line in panel.roles}["User"] == "cold"
    assert [help_.words for help_ in panel.helping] == ["Kayla meets Bo Lind"]
    assert (panel.their_share, panel.our_share, panel.survival) == ((1.0, "Anna Berg"), (1.0, "Kayla"), None)
    leaving = coverage_panel(world.manager, page, leaves=f"c{world.anna.pk}", turnover_percent=10).leaving
    assert (leaving.coverage, list(leaving.lost_roles), leaving.is_exposed, leaving.riding) == (0.0, ["Decider"], True, None)
    survival = dict(coverage_panel(world.manager, page, turnover_percent=10).survival)
    assert 0 < survival["Decider"] < 0.81
    mate = user(Role.MANAGER, name="Ben Mate")
    for days in range(1, 9):
        interaction(
            world.own, actor=world.manager, ours=[world.manager, mate], theirs=[center], at=timezone.now() - timedelta(days=days)
        )
    hidden = user(Role.MANAGER, name="Cy Hidden")
    told = {"actor": world.manager, "theirs": [center], "at": timezone.now(), "is_private": True}
    interaction(world.own, ours=[hidden, mate], **told)
    heard = promise(world.own, "Samples by May", actor=world.manager, by_user=world.manager)
    theirs = promise(world.own, "Forecast", actor=world.manager, side=Side.THEIRS, by_contact=world.anna)
    promise(world.own, "Kept by nobody known", actor=world.manager)
    page = seen(world.manager, world.own)
    dense = coverage_panel(world.manager, page)
    assert (dense.density, dense.density_within, dense.both_high) == (pytest.approx(3 / 6), pytest.approx(1 / 3), False)
    gone = coverage_panel(world.manager, page, leaves=f"c{world.anna.pk}").leaving
    assert (list(gone.promises), list(gone.sole_ties)) == ([theirs], [])
    ours = coverage_panel(world.manager, page, leaves=f"u{world.manager.pk}").leaving
    assert (list(ours.promises), list(ours.sole_ties)) == ([heard], [("Anna Berg", ["Ben Mate", "Bo Lind", "Anna Berg"])])
    stranger = user(Role.MANAGER)
    share_account(actor=user(Role.ADMINISTRATOR), account=world.own, user=stranger)
    others = coverage_panel(stranger, seen(stranger, world.own))
    assert (others.density, others.density_within, others.both_high) == (0.75, 1.0, True)
    assert "Cy Hidden" not in [one.user.name for one in seen(stranger, world.own).ours]
    Participant.objects.filter(user__in=[mate, hidden]).delete()
    page = seen(world.manager, world.own)
    ours = coverage_panel(world.manager, page, leaves=f"u{world.manager.pk}").leaving
    assert (ours.name, ours.coverage, list(ours.path)) == ("Kayla", 0.0, [])


def test_levels_and_functions_of_both_ends_of_a_warm_tie(world, signed_in, center):
    page = address(world)
    panel = coverage_panel(world.manager, seen(world.manager, world.own))
    assert (panel.level_difference, panel.function_match) == (None, None)
    post = world.anna.employments.get()
    post.level, post.function = Level.EXECUTIVE, Function.PURCHASING
    post.save()
    assert coverage_panel(world.manager, seen(world.manager, world.own)).level_difference is None  # ours is not said
    world.manager.level, world.manager.function = Level.TEAM_LEAD, Function.PURCHASING
    world.manager.save()
    panel = coverage_panel(world.manager, seen(world.manager, world.own))
    assert (panel.level_difference, panel.function_match) == (2.0, 1.0)
    said = re.sub(r"<[^>]+>", "", signed_in(world.manager).get(page).content.decode())
    assert "Levels apart, warm ties2.0" in said
    assert "Warm ties between like functions100" in said


def test_without_a_contact_on_record_coverage_is_not_known(world, signed_in):
    assert coverage_panel(world.manager, seen(world.manager, world.own)) is None
    assert "nobody can say how well" in signed_in(world.manager).get(address(world)).content.decode()


def test_a_private_claim_colours_no_map_and_no_export_of_others(world, signed_in, center):
    old = TODAY - timedelta(days=400)
    hidden = {"actor": world.manager, "contact": world.anna, "is_private": True}
    claim(world.own, "Secret grudge", value=-2, **hidden)
    claim(world.own, "Secret old worry", topic=Topic.OTHER, as_of_on=old, shelf_life_days=9, **hidden)
    friend = user(Role.MANAGER)
    share_account(actor=user(Role.ADMINISTRATOR), account=world.own, user=friend)

    def everything(person):
        client = signed_in(person)
        views = [client.get(address(world), {"view": view}).content for view in ("map", "table", "tree", "")]
        side = client.get(address(world), {"person": f"c{world.anna.pk}"}, headers={"HX-Request": "true"}).content
        return b"".join([*views, side, client.get(address(world, "export_map", "svg")).content])

    own, others = everything(world.manager), everything(friend)
    assert b"fights us" in own
    assert b"Secret old worry" in own
    for word in (b"Secret", b"fights us", b"ask again"):
        assert word not in others
    svg = {person: signed_in(person).get(address(world, "export_map", "svg")).content for person in (world.manager, friend)}
    assert b"#ab2e27" in svg[world.manager]
    assert b"#ab2e27" not in svg[friend]
    for kind in ("png", "pdf"):
        made = {person: signed_in(person).get(address(world, "export_map", kind)).content for person in (world.manager, friend)}
        assert made[world.manager] != made[friend]


def test_exports_carry_account_and_day_and_no_markup(world, signed_in):
    contact(world.own, "<script>alert(1)</script> & Co")
    client = signed_in(world.manager)
    svg = client.get(address(world, "export_map", "svg"), {"on": "2016-05-31"})
    assert "Tailspin Toys · Everybody · as of 31\xa0May\xa02016" in svg.content.decode()
    assert b"<script" not in svg.content
    assert b"class=" not in svg.content
    assert svg["Content-Disposition"] == f'attachment; filename="people-map-{world.own.pk}-2016-05-31.svg"'
    assert client.get(address(world, "export_map", "png")).content.startswith(b"\x89PNG")
    assert client.get(address(world, "export_map", "pdf")).content.startswith(b"%PDF")
    assert client.get(address(world, "export_map", "exe")).status_code == 404


def test_a_colleagues_map_is_not_there(world, signed_in):
    boss = contact(world.foreign, "Secret boss")
    line = set_superior(actor=world.stranger, account=world.foreign, contact=world.secret, superior=boss)
    sway = draw_influence(actor=world.stranger, account=world.foreign, contact=world.secret, target=boss)
    saved = save_map(actor=world.stranger, account=world.foreign, name="Secret map")
    client = signed_in(world.manager)

    for name in ("people_map", "draw_reporting", "draw_influence", "save_map"):
        assert client.get(address(world, name, account=world.foreign)).status_code == 404
    assert client.get(address(world, "export_map", "svg", account=world.foreign)).status_code == 404
    assert client.get(address(world), {"map": f"saved:{saved.pk}"}).status_code == 404
    for name, key in (("end_reporting", line.pk), ("end_influence", sway.pk)):
        assert client.post(reverse(f"relationships:{name}", args=[key])).status_code == 404
    sent = {"contact": boss.pk, "x": 1, "y": 1}
    assert client.post(address(world, "place_card", account=world.foreign), sent).status_code == 404
    assert client.post(address(world, "place_card"), sent).status_code == 422
    assert client.post(address(world, "arrange_map", account=world.foreign)).status_code == 404
    assert client.post(address(world, "remove_map", saved.pk)).status_code == 404
    assert "Secret" not in client.get(address(world, "draw_reporting")).content.decode()
    for name in ("draw_reporting", "save_map"):
        assert signed_in(user(Role.READ_ONLY)).get(address(world, name)).status_code == 403


@pytest.mark.parametrize(
    "choice", ["saved:" + "9" * 18, "saved:" + "9" * 60, "saved:" + "9" * 5000, "saved:x", "saved:", "other:1"]
)
def test_an_address_that_names_no_map_is_no_fault_of_ours(world, signed_in, choice):
    assert signed_in(world.manager).get(address(world), {"map": choice}).status_code in {200, 404}


def test_drawing_moving_and_saving_through_the_pages(world, signed_in):
    bo, client = contact(world.own, "Bo Lind"), signed_in(world.manager)
    pair = {"contact": world.anna.pk, "from_on": "2020-01-01"}
    assert client.post(address(world, "draw_reporting"), {**pair, "superior": bo.pk}).status_code == 302
    loop = client.post(address(world, "draw_reporting"), {"contact": bo.pk, "superior": world.anna.pk})
    assert (loop.status_code, "circle" in loop.content.decode()) == (422, True)
    assert client.post(address(world, "draw_influence"), {**pair, "target": bo.pk, "strength": 3}).status_code == 302
    assert client.post(address(world, "place_card"), {"contact": bo.pk, "x": 40, "y": -20}).status_code == 204
    assert client.post(address(world, "place_card"), {"contact": bo.pk, "x": 10**7, "y": 0}).status_code == 422
    assert client.post(address(world, "save_map"), {"name": "Board"}).status_code == 302
    saved = PeopleMap.objects.get(name="Board")
    places = {(person.contact.name, person.x, person.y) for person in seen(world.manager, world.own, f"saved:{saved.pk}").theirs}
    assert ("Bo Lind", 40, -20) in places
    assert "Board" in client.get(address(world), {"map": f"saved:{saved.pk}"}).content.decode()
    assert client.post(address(world, "arrange_map")).status_code == 302
    assert MapPlace.objects.filter(map__name="").count() == 0
    assert client.post(address(world, "remove_map", saved.pk)).status_code == 302
    for name, kind in (("end_reporting", ReportingLine), ("end_influence", InfluenceLine)):
        where = reverse(f"relationships:{name}", args=[kind.objects.get().pk])
        assert where in client.get(address(world), {"view": "table"}).content.decode()
        assert "Last day" in client.get(where).content.decode()
        end = {"until_on": TODAY.isoformat(), "reason": "He moved to sales"}
        assert client.post(where, {"until_on": "2019-01-01"}).status_code == 422
        assert client.post(where, end).status_code == 302
        again = client.post(where, end)
        assert (again.status_code, "ended already" in again.content.decode()) == (422, True)
    page = client.get(address(world), {"view": "table"}).content.decode()
    for words in (
        "2 lines have ended",
        "Anna Berg reported to Bo Lind",
        "Anna Berg swayed Bo Lind",
        "ended by Kayla",
        "He moved to sales",
    ):
        assert words in page
    assert "Bo Lind (strongly)" in client.get(address(world), {"view": "table", "on": "2021-01-01"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("faded", [False, True])
def test_the_page_takes_as_many_queries_for_three_people_as_for_one(world, signed_in, django_assert_num_queries, count, faded):
    for number in range(count):
        person = contact(world.own)
        claim(world.own, contact=person, value=1, as_of_on=TODAY - timedelta(days=90), shelf_life_days=30 if faded else 900)
        mail(world.own, world.manager, person, timezone.now() - timedelta(days=number + 1))
    client = signed_in(world.manager)
    with django_assert_num_queries(15 if faded else 14):  # what is to be asked again is read once there is something
        assert client.get(address(world)).status_code == 200
