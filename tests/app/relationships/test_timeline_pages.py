"""The pages of the timeline and of promises: what they show, find and refuse."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.interactions import AT, interaction, mail, promise
from tests.factories.people import user

from openkam.app.people.terms import Role
from openkam.app.relationships.models import Commitment, Interaction
from openkam.app.relationships.queries.dialogue import dialogue_chart, dialogue_of, ties_of
from openkam.app.relationships.queries.quick_entry import drafted
from openkam.app.relationships.terms import InteractionKind, Part, Side


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.manager)


def timeline(client, world, **asked):
    answer = client.get(reverse("relationships:timeline", args=[world.own.pk]), asked)
    assert answer.status_code == 200
    return [row.record.subject for row in answer.context["table"].rows], answer.content.decode()


def sent(world, **fields):
    return {"kind": "call", "on": "2016-05-02", "contacts": [world.anna.pk], "colleagues": [world.manager.pk]} | fields


def test_the_timeline_tells_the_dialogue_and_filters(client, world):
    ben = contact(world.own, "Ben")
    for day in range(6):
        mail(world.own, world.manager, world.anna, AT + timedelta(days=day), subject=f"Price {day}")
    interaction(world.own, theirs=[ben], subject="Delivery", note="Pallets", at=AT - timedelta(days=30))
    names, page = timeline(client, world)

    assert names == [*(f"Price {day}" for day in reversed(range(6))), "Delivery"]
    assert "A monologue: we wrote 6 of 6 mails and calls, all of them Kayla" in page
    assert timeline(client, world, kind="call")[0] == ["Delivery"]
    assert timeline(client, world, person=ben.pk)[0] == ["Delivery"]
    assert timeline(client, world, text="pallets")[0] == ["Delivery"]
    assert timeline(client, world, began_by="theirs")[0] == []
    assert timeline(client, world, until="2016-05-01")[0] == ["Delivery"]
    assert timeline(client, world, since="2016-05-07")[0] == ["Price 5"]


def test_an_empty_timeline_says_what_to_do(client, world, signed_in):
    assert "Nothing is logged yet" in timeline(client, world)[1]
    reader = signed_in(user(Role.READ_ONLY, scope="all"))
    assert "Log what happened" not in timeline(reader, world)[1]


def test_ties_are_between_our_users_and_their_contacts(world):
    now = timezone.now()
    mail(world.own, world.manager, world.anna, now - timedelta(days=60))
    interaction(world.own, ours=[world.manager], theirs=[world.anna], at=now - timedelta(days=60), kind=InteractionKind.MEETING)
    interaction(world.own, ours=[world.manager], subject="Somebody unknown", at=now)
    (tie,) = ties_of(world.manager, world.own, now)

    assert (tie.user_id, tie.contact_id) == (world.manager.pk, world.anna.pk)
    assert tie.warmth == pytest.approx(1.0)
    assert ties_of(world.manager, world.own, now - timedelta(days=61)) == []


def test_a_private_entry_is_in_no_other_readers_dialogue(world):
    now = timezone.now()
    interaction(
        world.own, actor=world.manager, ours=[world.manager], theirs=[world.anna], is_private=True, kind=InteractionKind.MEETING
    )
    interaction(world.own, kind=InteractionKind.NOTE)
    head = user(Role.HEAD)
    assert dialogue_of(head, world.own, now).sentence == "Nothing between us is known yet."
    assert ties_of(head, world.own, now) == []
    assert (dialogue_of(world.manager, world.own, now).meetings, len(ties_of(world.manager, world.own, now))) == (1, 1)


def test_calls_count_for_the_side_that_began_them(world):
    now = timezone.now()
    interaction(
        world.own,
        ours=[world.manager],
        theirs=[world.anna],
        began_by=Side.THEIRS,
        at=now,
        our_talk_minutes=3,
        their_talk_minutes=1,
    )
    told = dialogue_of(world.manager, world.own, now)
    assert (told.out, told.back, told.our_talk_share) == (0, 1, 0.75)
    chart = dialogue_chart(told)
    assert chart is not None
    assert chart.rows[-1][1:] == (0, 1)
    assert dialogue_chart(dialogue_of(world.stranger, world.foreign, now)) is None


def test_a_line_fills_the_form_and_stores_nothing(client, world):
    line = {"line": "call with anna berg yesterday 30m about delivery"}
    answer = client.get(reverse("relationships:log_interaction", args=[world.own.pk]), line)

    initial = answer.context["form"].initial
    assert (initial["kind"], initial["duration_minutes"], initial["subject"]) == ("call", 30, "delivery")
    assert (initial["contacts"], initial["colleagues"]) == ([world.anna.pk], [world.manager.pk])
    assert initial["on"] == timezone.localdate() - timedelta(days=1)
    assert not Interaction.objects.exists()


def test_what_a_line_leaves_open_is_asked(world):
    contact(world.own, "Anna Lund")
    draft = drafted(world.manager, world.own, "lunch with Anna and Secret Buyer 3/11", timezone.localdate())
    assert draft.initial["contacts"] == []
    assert draft.remarks == [
        "Anna may be Anna Berg or Anna Lund: choose.",
        "Nobody called Secret Buyer is known at Tailspin Toys: add them as a person, or choose another.",
        "3/11 is no day that can be read in one way only: choose it.",
    ]
    assert drafted(world.manager, world.own, "Anna Berg", timezone.localdate()).remarks == [
        "The line names no day: choose it.",
        "The line does not say what it was: choose a kind.",
    ]


def test_the_palettes_command_asks_for_the_account(client, world):
    address = reverse("relationships:quick_entry")
    assert client.get(address).status_code == 200
    answer = client.post(address, {"account": f"Tailspin Toys (#{world.own.pk})", "line": "call Anna today"})
    assert answer["Location"] == f"{reverse('relationships:log_interaction', args=[world.own.pk])}?line=call+Anna+today"
    assert client.post(address, {"account": f"#{world.foreign.pk}", "line": "call"}).status_code == 422


def test_an_entry_is_logged_amended_and_removed(client, world):
    log = reverse("relationships:log_interaction", args=[world.own.pk])
    assert client.post(log, sent(world, subject="Price", time="10:30")).status_code == 302
    made = Interaction.objects.get()
    assert made.is_time_known
    assert {one.part for one in made.participants.all()} == {Part.PRESENT}
    page = client.get(reverse("relationships:interaction", args=[made.pk])).content.decode()
    assert "Price" in page
    amend = reverse("relationships:amend_interaction", args=[made.pk])
    assert client.get(amend).context["form"].initial["contacts"] == [world.anna.pk]
    assert client.post(amend, sent(world, subject="Prices")).status_code == 302
    made.refresh_from_db()
    assert (made.subject, made.is_time_known) == ("Prices", False)
    client.post(reverse("relationships:remove_interaction", args=[made.pk]))
    assert timeline(client, world)[0] == []


def test_a_mail_has_one_writer(client, world):
    log = reverse("relationships:log_interaction", args=[world.own.pk])
    assert "began_by" in client.post(log, sent(world, kind="mail")).context["form"].errors
    both = [world.anna.pk, contact(world.own, "Ben").pk]
    assert "contacts" in client.post(log, sent(world, kind="mail", began_by="theirs", contacts=both)).context["form"].errors
    assert client.post(log, sent(world, kind="mail", began_by="ours", contacts=both)).status_code == 302
    assert [one.part for one in Interaction.objects.get().participants.all()] == [Part.FROM, Part.TO, Part.TO]


def test_what_is_undated_or_to_come_is_told_at_its_field(client, world):
    log = reverse("relationships:log_interaction", args=[world.own.pk])
    assert client.post(log, sent(world, on="")).context["form"].errors["on"]
    answer = client.post(log, sent(world, on="2999-01-01"))
    assert answer.status_code == 422
    assert "has not happened yet" in answer.content.decode()


def test_a_private_entry_is_refused_to_who_could_not_read_it(signed_in, world):
    head = signed_in(user(Role.HEAD))
    log = reverse("relationships:log_interaction", args=[world.own.pk])
    assert head.post(log, sent(world, colleagues=[], is_private="on")).status_code == 422
    assert not Interaction.objects.exists()


def test_what_a_file_told_is_not_amended(client, world):
    made = interaction(world.own, theirs=[world.anna])
    Interaction.objects.update(origin="imported")
    address = reverse("relationships:amend_interaction", args=[made.pk])
    assert client.post(address, sent(world, subject="Forged")).status_code == 302
    assert Interaction.objects.get().subject == ""


def test_a_follow_up_is_kept_and_closed(client, world):
    entry = interaction(world.own, theirs=[world.anna])
    make = f"{reverse('relationships:make_promise', args=[world.own.pk])}?entry={entry.pk}"
    assert client.get(make).context["form"].initial["promised_on"] == AT.date()
    kept = {"side": "ours", "text": "Send prices", "promised_on": "2016-05-02", "due_on": "2016-05-09"}
    assert client.post(make, kept).status_code == 302
    made = Commitment.objects.get()
    assert made.interaction == entry
    assert "Send prices" in client.get(reverse("relationships:interaction", args=[entry.pk])).content.decode()
    assert "overdue" in client.get(reverse("relationships:promises", args=[world.own.pk])).content.decode()
    close = reverse("relationships:close_promise", args=[made.pk])
    assert client.post(close, {"state": "broken", "on": "2016-05-09"}).status_code == 422
    assert client.post(close, {"state": "kept", "on": "2016-05-10"}).status_code == 302
    page = client.get(reverse("relationships:promises", args=[world.own.pk])).content.decode()
    assert "Kept late" in page
    for _ in range(2):
        assert client.post(reverse("relationships:reopen_promise", args=[made.pk])).status_code == 302
    assert Commitment.objects.get().state == "open"


def test_a_colleagues_pages_are_not_there(client, world):
    entry = interaction(world.foreign, theirs=[world.secret], subject="Secret price")
    given = promise(world.foreign, "Secret word")
    for name in ("timeline", "log_interaction", "promises", "make_promise"):
        assert client.get(reverse(f"relationships:{name}", args=[world.foreign.pk])).status_code == 404
    for name in ("interaction", "amend_interaction"):
        assert client.get(reverse(f"relationships:{name}", args=[entry.pk])).status_code == 404
    assert client.post(reverse("relationships:remove_interaction", args=[entry.pk])).status_code == 404
    assert client.get(reverse("relationships:close_promise", args=[given.pk])).status_code == 404
    assert client.post(reverse("relationships:reopen_promise", args=[given.pk])).status_code == 404
    assert client.get(f"{reverse('relationships:make_promise', args=[world.own.pk])}?entry={entry.pk}").status_code == 404


def test_a_reader_may_send_no_form(signed_in, world):
    reader, entry = signed_in(user(Role.READ_ONLY, scope="all")), interaction(world.own, theirs=[world.anna])
    assert reader.post(reverse("relationships:log_interaction", args=[world.own.pk]), sent(world)).status_code == 403
    assert reader.post(reverse("relationships:remove_interaction", args=[entry.pk])).status_code == 403
    assert reader.get(reverse("relationships:quick_entry")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_timeline_takes_as_many_queries_for_three_entries_as_for_one(client, world, django_assert_num_queries, count):
    for day in range(count):
        mail(world.own, world.manager, world.anna, AT + timedelta(days=day))
    with django_assert_num_queries(10):
        client.get(reverse("relationships:timeline", args=[world.own.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_promises_take_as_many_queries_for_three_as_for_one(client, world, django_assert_num_queries, count):
    for _ in range(count):
        promise(world.own, by_user=world.manager)
    with django_assert_num_queries(4):
        client.get(reverse("relationships:promises", args=[world.own.pk]))
