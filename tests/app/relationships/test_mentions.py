"""Mentions: named in a note, read on saving, found by who may read the entry and by nobody else."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.interactions import interaction
from tests.factories.people import user

from openkam.analytics.relationship.quick_entry import folded_words
from openkam.app.accounts.operations.assignment import share_account
from openkam.app.accounts.terms.names import folded
from openkam.app.cockpit.queries.home import home
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Interaction, Mention
from openkam.app.relationships.operations.interactions import remove_interaction
from openkam.app.relationships.terms import InteractionKind

TODAY = timezone.localdate()


@pytest.fixture
def friend(world):
    """Somebody with whom the manager's account is shared."""
    made = user(Role.MANAGER, name="Ben Ørsted")
    share_account(actor=user(Role.ADMINISTRATOR), account=world.own, user=made)
    return made


def for_you(person):
    return [str(one.interaction) for one in home(person, TODAY).mentions]


def test_a_mention_is_found_at_home_in_the_timeline_and_on_the_entry(world, friend, signed_in):
    client = signed_in(world.manager)
    form = {
        "kind": "call", "on": TODAY.isoformat(), "contacts": [world.anna.pk], "colleagues": [world.manager.pk],
        "subject": "Samples", "note": "@Anna Berg wants samples.\n@ben orsted, please <b>call</b>",
    }  # fmt: skip
    assert client.post(reverse("relationships:log_interaction", args=[world.own.pk]), form).status_code == 302
    assert [str(one) for one in Mention.objects.all()] == ["Anna Berg", "Ben Ørsted"]
    assert (for_you(friend), for_you(world.manager), for_you(world.stranger)) == (["Call: Samples"], [], [])
    entry = Interaction.objects.get()
    told = client.get(reverse("relationships:interaction", args=[entry.pk])).content.decode()
    assert f'<a href="{world.anna.get_absolute_url()}">@Anna Berg</a> wants samples.<br><a href=' in told
    assert "&lt;b&gt;call" in told
    assert f'<a class="tag" href="{world.anna.get_absolute_url()}">@Anna Berg</a>' in client.get(timeline(world)).content.decode()
    assert "Ben" not in signed_in(world.stranger).get(reverse("cockpit:home")).content.decode()
    shown = signed_in(friend).get(reverse("cockpit:home")).content.decode()
    assert "Kayla mentions you" in shown

    client = signed_in(world.manager)
    amended = form | {"note": "Nobody now", "mention": [friend.pk]}
    assert client.post(reverse("relationships:amend_interaction", args=[entry.pk]), amended).status_code == 302
    assert [str(one) for one in Mention.objects.all()] == ["Ben Ørsted"]
    assert Interaction.objects.get().note == "Nobody now @Ben Ørsted"
    for person, count in ((friend, 1), (world.manager, 0)):
        found = signed_in(person).get(timeline(world), {"mentions_me": "on"})
        assert len(found.context["table"].rows) == count
    remove_interaction(actor=world.manager, interaction=entry)
    assert for_you(friend) == []


def timeline(world):
    return reverse("relationships:timeline", args=[world.own.pk])


def test_a_private_or_a_foreign_entry_tells_nobody_who_may_not_read_it(world, friend):
    interaction(world.own, actor=world.manager, theirs=[world.anna], note="@Ben Ørsted knows", is_private=True)
    assert Mention.objects.count() == 1
    assert for_you(friend) == []
    interaction(world.own, actor=friend, theirs=[world.anna], note="@Kayla", subject="Prices")
    assert for_you(world.manager) == ["Call: Prices"]
    world.own.manager = world.stranger
    world.own.save()
    assert for_you(world.manager) == []


def test_a_name_that_fits_two_is_asked_for_and_a_strangers_stays_text(world):
    contact(world.own, "Anna Costa", actor=world.manager)
    with pytest.raises(ValidationError, match="@Anna may be Anna Berg or Anna Costa: write more of the name"):
        interaction(world.own, actor=world.manager, theirs=[world.anna], note="Ask @Anna")
    assert not Interaction.objects.exists()
    note = {"kind": InteractionKind.NOTE, "note": "@Anna Costa, @Hudson and @Secret Buyer; kay@example.org"}
    interaction(world.own, actor=world.manager, theirs=[world.anna], **note)
    assert [str(one) for one in Mention.objects.all()] == ["Anna Costa"]


@pytest.mark.parametrize(
    "name",
    ["Søren Æbelø", "Đorđe O'Brien", "D’Angelo-Straße", "Zoë Łucka", "İlker Işık", "山本 桜", "Anna  BERG (Dr.)", "Þór ﬁn", ""],
)
def test_a_name_is_folded_in_a_note_as_it_is_in_the_search(name):
    assert folded_words(name) == tuple(folded(name).split())
