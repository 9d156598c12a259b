"""Anchored scales: who makes and words them, and what a new wording leaves."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from tests.factories.people import user
from tests.factories.ratings import ANCHORS, DETAILS, scale

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.selection.models import RatingScale, ScaleVersion
from openkam.app.selection.operations.scales import archive_scale, change_scale, create_scale, reopen_scale

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>"
SENT = {
    "label": "Reference value",
    "name": "reference_value",
    "question": "Would others buy?",
    "shelf_life_months": "6",
    **{f"anchor_{level}": anchor for level, anchor in enumerate(ANCHORS)},
}


def test_other_words_are_another_version_and_the_same_words_none(head):
    made = scale(actor=head)
    change_scale(actor=head, scale=made, details=replace(DETAILS, label="Renown"))
    assert [version.number for version in made.versions.all()] == [1]
    change_scale(actor=head, scale=made, details=replace(DETAILS, anchors=[*ANCHORS[:4], "All cite it."]), reason="Clearer")
    assert [(version.number, version.anchors[4]) for version in made.versions.all()] == [
        (2, "All cite it."),
        (1, "The trade cites it."),
    ]
    assert set(Entry.objects.filter(record_type__startswith="selection").values_list("verb", flat=True)) == {
        "made",
        "worded",
        "changed",
    }


@pytest.mark.parametrize(
    ("name", "changes", "field"),
    [
        ("Reference Value", {}, "name"),
        ("reference_value", {}, "name"),
        ("other", {"label": ""}, "label"),
        ("other", {"shelf_life_months": 0}, "shelf_life_months"),
        ("other", {"anchors": ANCHORS[:4]}, "__all__"),
        ("other", {"anchors": (*ANCHORS[:4], " ")}, "__all__"),
    ],
)
def test_a_mistake_makes_no_scale(head, name: str, changes: dict[str, object], field: str):
    scale(actor=head)
    with pytest.raises(ValidationError) as refused:
        create_scale(actor=head, name=name, details=replace(DETAILS, **changes))
    if field != "__all__":
        assert field in refused.value.message_dict
    assert RatingScale.objects.count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_nobody_else_touches_scales(signed_in, role: Role):
    made, person = scale(), user(role)
    client = signed_in(person)
    for name, arguments in (("scales", []), ("add-scale", []), ("scale", [made.pk])):
        assert client.get(reverse(f"selection:{name}", args=arguments)).status_code == 403
    for name in ("scale", "archive-scale", "count-scale"):
        assert client.post(reverse(f"selection:{name}", args=[made.pk]), SENT).status_code == 403
    assert client.post(reverse("selection:add-scale"), SENT | {"name": "mine"}).status_code == 403
    for act in (archive_scale, reopen_scale):
        with pytest.raises(PermissionDenied):
            act(actor=person, scale=made)
    with pytest.raises(PermissionDenied):
        change_scale(actor=person, scale=made, details=replace(DETAILS, label="Mine"))
    assert RatingScale.objects.get().label == "Reference value"


def test_a_scale_is_made_reworded_and_put_away_on_its_pages(head, signed_in):
    client = signed_in(head)
    assert "No scale yet" in client.get(reverse("selection:scales")).content.decode()
    answer = client.post(reverse("selection:add-scale"), SENT)
    made = RatingScale.objects.get()
    page = reverse("selection:scale", args=[made.pk])
    assert answer.url == page
    assert client.post(page, SENT | {"anchor_0": XSS, "label": XSS, "name": "renamed"}).url == page
    made.refresh_from_db()
    assert (made.name, made.shelf_life_months, made.versions.count()) == ("reference_value", 6, 2)
    for address in (page, reverse("selection:scales")):
        text = client.get(address).content.decode()
        assert XSS not in text
        assert "&lt;script&gt;alert(1)" in text
    assert client.post(page, SENT | {"anchor_3": ""}).status_code == 422
    client.post(reverse("selection:archive-scale", args=[made.pk]))
    assert "archived" in client.get(reverse("selection:scales")).content.decode()
    assert client.post(reverse("selection:count-scale", args=[made.pk])).status_code == 404
    client.post(reverse("selection:archive-scale", args=[made.pk]), {"reopen": "1"})
    made.refresh_from_db()
    assert made.archived_at is None


def test_a_wording_never_changes(head):
    made = scale(actor=head)
    change_scale(actor=head, scale=made, details=replace(DETAILS, anchors=[*ANCHORS[:4], "All."]))
    assert ScaleVersion.objects.get(number=1).anchors == list(ANCHORS)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_whatever_the_number(head, signed_in, django_assert_num_queries, count: int):
    for number in range(count):
        scale(f"scale_{number}", actor=head)
    client = signed_in(head)
    with django_assert_num_queries(5):  # session, person, versions, ratings, scales
        client.get(reverse("selection:scales"))
