"""Lines between people at an account: no circle, one superior at a time, an end with the post; graded claims and who meets them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import SINCE, claim, contact
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Claim, InfluenceLine, PeopleMap, ReportingLine
from openkam.app.relationships.operations.employments import end_employment
from openkam.app.relationships.operations.lines import draw_influence, end_line, set_superior
from openkam.app.relationships.operations.people_maps import lay_out_again, move_card, remove_map, save_map
from openkam.app.relationships.queries.lines import (
    influence_line,
    reporting_line,
    visible_influence_lines,
    visible_reporting_lines,
)
from openkam.app.relationships.queries.people_maps import saved_map, visible_maps, visible_places
from openkam.app.relationships.terms import Strength, Topic

TODAY = timezone.localdate()


def reports(world, person, superior, from_on=None, account=None):
    return set_superior(actor=world.manager, account=account or world.own, contact=person, superior=superior, from_on=from_on)


def test_a_circle_is_refused_with_the_names_in_it(world):
    ben, cleo = contact(world.own, "Ben Adler"), contact(world.own, "Cleo Roth")
    reports(world, world.anna, ben)
    reports(world, ben, cleo)

    with pytest.raises(ValidationError, match="Cleo Roth to Anna Berg, Anna Berg to Ben Adler, Ben Adler to Cleo Roth"):
        reports(world, cleo, world.anna)
    with pytest.raises(ValidationError, match="themselves"):
        reports(world, cleo, cleo)
    assert ReportingLine.objects.count() == 2


def test_a_new_superior_ends_the_line_to_the_old_one(world):
    ben, cleo = contact(world.own, "Ben"), contact(world.own, "Cleo")
    first = reports(world, world.anna, ben, SINCE)
    with pytest.raises(ValidationError, match="already"):
        reports(world, world.anna, ben, TODAY)
    for wrong in (None, SINCE):
        with pytest.raises(ValidationError, match="first day"):
            reports(world, world.anna, cleo, wrong)
    reports(world, world.anna, cleo, date(2020, 1, 1))

    first.refresh_from_db()
    assert first.until_on == date(2019, 12, 31)
    reports(world, ben, world.anna, date(2020, 1, 1))  # what was so before 2020 closes no circle
    assert Entry.objects.filter(record_type="relationships.reportingline").count() == 4


def test_influence_takes_the_new_strength_and_ends_once(world):
    ben = contact(world.own, "Ben")
    line = draw_influence(actor=world.manager, account=world.own, contact=world.anna, target=ben, from_on=SINCE)
    again = draw_influence(actor=world.manager, account=world.own, contact=world.anna, target=ben, strength=Strength.STRONG)

    assert (again.pk, InfluenceLine.objects.get().strength) == (line.pk, 3)
    with pytest.raises(ValidationError, match="themselves"):
        draw_influence(actor=world.manager, account=world.own, contact=ben, target=ben)
    with pytest.raises(ValidationError, match="before it began"):
        end_line(actor=world.manager, line=again, until_on=SINCE - timedelta(days=1))
    end_line(actor=world.manager, line=again, until_on=TODAY)
    with pytest.raises(ValidationError, match="ended already"):
        end_line(actor=world.manager, line=again, until_on=TODAY)


def test_who_leaves_takes_their_lines_along(world):
    ben = contact(world.own, "Ben")
    reports(world, world.anna, ben, SINCE)
    draw_influence(actor=world.manager, account=world.own, contact=ben, target=world.anna)
    end_employment(actor=world.manager, employment=ben.employments.get(), until_on=TODAY)

    assert (ReportingLine.objects.get().until_on, InfluenceLine.objects.get().until_on) == (TODAY, TODAY)
    with pytest.raises(ValidationError, match="holds no post"):
        reports(world, world.anna, ben, TODAY)


def test_lines_and_maps_of_a_colleague_are_not_there(world):
    boss, stranger = contact(world.foreign, "Secret boss"), world.stranger
    line = set_superior(actor=stranger, account=world.foreign, contact=world.secret, superior=boss)
    sway = draw_influence(actor=stranger, account=world.foreign, contact=world.secret, target=boss)
    made = save_map(actor=stranger, account=world.foreign, name="Secret map")
    move_card(actor=stranger, account=world.foreign, people_map=made, category="", contact=boss, x=1, y=2)

    for seen in (visible_reporting_lines, visible_influence_lines, visible_maps, visible_places):
        assert list(seen(world.manager)) == []
        assert seen(stranger).count() == 1
    for one, key in ((reporting_line, line.pk), (influence_line, sway.pk)):
        with pytest.raises(Http404):
            one(world.manager, key)
    with pytest.raises(Http404):
        saved_map(world.manager, world.foreign, made.pk)
    with pytest.raises(ValidationError, match="holds no post"):
        reports(world, world.anna, world.secret)
    reader = user(Role.READ_ONLY)
    with pytest.raises(PermissionDenied):
        set_superior(actor=reader, account=world.own, contact=world.anna, superior=world.anna)


def test_maps_keep_their_cards_apart(world):
    move = {"actor": world.manager, "account": world.own, "contact": world.anna, "category": ""}
    move_card(people_map=None, x=10, y=20, **move)
    move_card(people_map=None, x=30, y=20, **move)
    saved = save_map(actor=world.manager, account=world.own, name=" Board  view ")
    place = move_card(people_map=saved, x=5, y=6, **move)

    assert str(saved) == "Board view"
    places = {one.map.name: (one.x, one.y) for one in visible_places(world.manager)}
    assert places == {"": (30, 20), "Board view": (5, 6)}
    for wrong in ("", "board VIEW"):
        with pytest.raises(ValidationError):
            save_map(actor=world.manager, account=world.own, name=wrong)
    with pytest.raises(ValidationError, match="too far"):
        move_card(people_map=saved, x=10**6, y=0, **move)
    with pytest.raises(ValidationError, match="never held"):
        move_card(people_map=saved, x=1, y=0, **{**move, "contact": world.secret})
    lay_out_again(actor=world.manager, people_map=place.map)
    remove_map(actor=world.manager, people_map=saved)
    assert [(one.name, visible_places(world.manager).count()) for one in PeopleMap.objects.all()] == [("", 1)]


def test_a_grade_stands_on_the_scale_of_its_topic(world, signed_in):
    assert claim(world.own, contact=world.anna, value=-2).grade == "fights us"
    assert claim(world.own).grade == ""
    for topic, value in ((Topic.STANCE, 3), (Topic.ACCESS, 4), (Topic.OTHER, 1)):
        with pytest.raises(ValidationError, match="no such grade"):
            claim(world.own, topic=topic, value=value)
    sent = {
        "topic": "power", "value": "power:4", "text": "Signs", "source": "a visit", "as_of_on": TODAY.isoformat(),
        "certainty": "assumed", "shelf_life_days": "30", "contact": world.anna.pk,
    }  # fmt: skip
    client, address = signed_in(world.manager), reverse("relationships:make_claim", args=[world.own.pk])
    assert client.post(address, {**sent, "value": "stance:1"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert Claim.objects.get(topic=Topic.POWER).value == 4
    assert "decides alone" in client.get(reverse("relationships:claims", args=[world.own.pk])).content.decode()
