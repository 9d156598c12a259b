"""What is private stays so: planted in words of their own, and then looked for on every address of the site by whoever may not read them.

PNG and PDF of a map are the very SVG that is looked at here (`queries.map_export`), so that one of the three tells for all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.app.cockpit.conftest import foreign_values
from tests.app.cockpit.test_every_address import addresses, filled, text_of
from tests.factories.contacts import claim, contact
from tests.factories.interactions import interaction, promise
from tests.factories.people import user
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.surveys import survey

from openkam.app.accounts.operations.assignment import share_account
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.relationships.forms.claims import ClaimForm
from openkam.app.relationships.models import Claim, Contact
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.survey_letters import send_letters_of, send_reminders
from openkam.app.relationships.operations.surveys import take_answer
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.terms import PointKind, SurveyKind, Topic

pytestmark = pytest.mark.any_database
ASKED = "quixotic"
"""What is searched for, which a page may repeat: every planted text begins with it."""
PRIVATE = ("zyxclaim", "zyxnature", "zyxsubject", "zyxnote", "zyxpromise", "zyxsaid", "zyxmention")
"""For the account's manager and team, whatever the scope of others."""
NOBODYS = ("zyxanswer",)
"""An answer without a name, too few of its kind to be shown to anybody."""
PERSONAL = ("zyxlabel", "zyxlanguage", "+49 30 999 999 111")
"""For whoever sees the account."""
MENTIONED = "Quentin Guest"
"""A colleague to whom the account is shared, mentioned in an entry that is not for them."""


@dataclass(frozen=True)
class Planted:
    """The addresses' values with the private records in them, and further addresses that lead to these."""

    values: dict[str, dict[str, object]]
    paths: tuple[str, ...]


@pytest.fixture
def firm(db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.fixture
def planted(firm: SmallCompany, tmp_path: Path) -> Planted:
    foreign = foreign_values(firm, tmp_path)
    manager, account = firm.colleague, firm.foreign
    reach = [Reach(PointKind.MAIL, "zed@unseen.example", "zyxlabel"), Reach(PointKind.PHONE, "+49 30 999 999 111")]
    person = contact(account, "Zed Unseen", actor=manager, language="zyxlanguage", reach=reach)
    secret = claim(account, f"{ASKED} zyxclaim", actor=manager, contact=person, is_private=True, value=2)
    claim(account, f"{ASKED} zyxnature", actor=manager, contact=person, topic=Topic.MANNER)
    entry = interaction(
        account, actor=manager, theirs=[person], subject=f"{ASKED} zyxsubject", note=f"{ASKED} zyxnote", is_private=True
    )
    named = user(Role.MANAGER, name=MENTIONED)
    share_account(actor=firm.administrator, account=account, user=named)
    told = f"@{MENTIONED} and @Zed Unseen {ASKED} zyxmention"
    naming = interaction(account, actor=manager, theirs=[person], subject=f"{ASKED} zyxsaid", note=told, is_private=True)
    assert set(naming.mentions.values_list("user", "contact")) == {(named.pk, None), (None, person.pk)}
    given = promise(account, f"{ASKED} zyxpromise", actor=manager, interaction=entry, due_on=timezone.localdate())
    asked = survey(account, [person], kind=SurveyKind.NPS, actor=manager, is_anonymous=True)
    take_answer(token=asked.invitations.get().token, answers={"nps": 2}, comment=f"{ASKED} zyxanswer")
    own = {
        "contact": person.pk,
        "employment_pk": person.employments.get().pk,
        "claim": secret.pk,
        "interaction": entry.pk,
        "commitment": given.pk,
        "survey": asked.pk,
    }
    values = foreign | {"relationships": foreign["relationships"] | own}
    histories = (secret, entry, naming, *naming.mentions.all(), given, person, named, asked.responses.get())
    paths = [reverse("audit:record", args=[one._meta.label_lower, str(one.pk)]) for one in histories]
    paths += [f"{reverse('relationships:people_map', args=[account.pk])}?as_of={timezone.localdate()}"]
    paths += [reverse("relationships:interaction", args=[naming.pk])]
    return Planted(values, tuple(paths))


def said_to(person: User, planted: Planted, words: tuple[str, ...]) -> Iterator[str]:
    """Where somebody reads one of the words: every address got, and every export sent for."""
    client = Client()
    for path in planted.paths:
        client.force_login(person)
        said = text_of(client.get(path))
        yield from (f"{path} says {word}" for word in words if word in said)
    for name, arguments in addresses():
        path = filled(name, arguments, planted.values)
        for method in ("get", "post") if "export" in name and may_ask(person, name) else ("get",):
            client.force_login(person)  # some addresses sign out
            answer = getattr(client, method)(path, {"q": ASKED, "text": ASKED, "name": "", "format": "csv", "record": ASKED})
            said = text_of(answer) + str(answer.headers)
            yield from (f"{method} {path} says {word}" for word in words if word in said)


def may_ask(person: User, name: str) -> bool:
    """Whoever answers for a person's rights is given all that is held, for that person: no leak, and looked at elsewhere."""
    return name != "relationships:export_held" or person.role not in (Role.HEAD, Role.ADMINISTRATOR)


READERS: dict[str, Callable[[SmallCompany], User]] = {
    "a colleague of no team who sees all": lambda _: user(Role.MANAGER, scope=Scope.ALL),
    "read-only": lambda _: user(Role.READ_ONLY, scope=Scope.ALL),
    "an analyst": lambda firm: firm.analyst,
    "an administrator": lambda firm: firm.administrator,
    "whom it mentions": lambda _: User.objects.get(name=MENTIONED),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_nobody_but_manager_and_team_meets_what_is_private(
    firm: SmallCompany,
    planted: Planted,
    reader: Callable[[SmallCompany], User],
) -> None:
    assert list(said_to(reader(firm), planted, PRIVATE + NOBODYS)) == []


def test_a_guest_of_the_account_meets_its_people_and_nothing_private(firm: SmallCompany, planted: Planted) -> None:
    """Without the account nothing personal is met; with it shared, how to reach people is, and the private still not."""
    person = firm.manager
    assert list(said_to(person, planted, PRIVATE + NOBODYS + PERSONAL)) == []
    share_account(actor=firm.administrator, account=firm.foreign, user=person)
    found = list(said_to(person, planted, PRIVATE + NOBODYS + PERSONAL))
    assert {line.rpartition("says ")[2] for line in found} == set(PERSONAL)


def test_the_manager_meets_all_of_it_so_that_the_sweep_would_find_it(firm: SmallCompany, planted: Planted) -> None:
    found = {line.rpartition("says ")[2] for line in said_to(firm.colleague, planted, PRIVATE + NOBODYS + PERSONAL)}
    assert found == set(PRIVATE + PERSONAL)


def test_no_letter_carries_it(firm: SmallCompany, planted: Planted) -> None:
    person = Contact.objects.get(pk=int(str(planted.values["relationships"]["contact"])))
    asked = survey(firm.foreign, [person], kind=SurveyKind.CSAT, actor=firm.colleague)
    send_letters_of(actor=firm.colleague, survey_id=asked.pk, tell=lambda _: None)
    asked.invitations.update(sent_at=timezone.now() - timedelta(days=9))
    send_reminders(now_on=timezone.localdate(), tell=lambda _: None)
    assert len(mail.outbox) == 2
    letters = "".join(str(letter.message()) for letter in mail.outbox)
    assert [word for word in (*PRIVATE, *NOBODYS) if word in letters] == []


def test_whom_a_private_entry_mentions_is_not_told(firm: SmallCompany, planted: Planted) -> None:
    named = User.objects.get(name=MENTIONED)
    client = Client()
    client.force_login(named)
    home = reverse("cockpit:home")
    timeline = reverse("relationships:timeline", args=[firm.foreign.pk])

    assert "mentions you" not in text_of(client.get(home))
    assert not client.get(timeline, {"mentions_me": "on"}).context["table"].rows
    assert [str(letter.message()) for letter in mail.outbox if MENTIONED in str(letter.message())] == []
    interaction(firm.foreign, actor=firm.colleague, note=f"@{MENTIONED} may know this", subject="Open")
    assert "mentions you" in text_of(client.get(home))
    assert len(client.get(timeline, {"mentions_me": "on"}).context["table"].rows) == 1


FORMS: dict[str, tuple[dict[str, str], bool]] = {
    "a person's interests": ({"topic": "interests"}, True),
    "their way of deciding": ({"topic": "manner"}, True),
    "anything else of a person": ({"topic": "other"}, True),
    "opened": ({"topic": "other", "is_open": "on"}, False),
    "their stance": ({"topic": "stance"}, False),
    "their stance in private": ({"topic": "stance", "is_private": "on"}, True),
    "the account's rivals": ({"topic": "rivals", "contact": ""}, False),
    "anything else of the account": ({"topic": "other", "contact": ""}, False),
}


@pytest.mark.parametrize(("sent", "is_private"), FORMS.values(), ids=FORMS)
def test_what_is_said_of_a_person_as_a_person_is_private_unless_opened(
    firm: SmallCompany,
    signed_in: Callable[[User], Client],
    sent: dict[str, str],
    is_private: bool,
) -> None:
    person = contact(firm.foreign, actor=firm.colleague)
    path = reverse("relationships:make_claim", args=[firm.foreign.pk])
    given: dict[str, Any] = {
        "contact": person.pk,
        "text": "Sails",
        "source": "a visit",
        "as_of_on": timezone.localdate().isoformat(),
    }
    given |= {"certainty": "assumed", "shelf_life_days": "30"} | sent
    assert signed_in(firm.colleague).post(path, given).status_code == 302
    assert Claim.objects.get().is_private is is_private
    outsider = signed_in(firm.administrator)
    if is_private:
        assert outsider.post(path, given).status_code in (200, 422)
    assert Claim.objects.count() == 1


def test_open_and_private_at_once_is_refused(firm: SmallCompany) -> None:
    form = ClaimForm({"is_private": "on", "is_open": "on"}, contacts=contacts_at(firm.foreign), may_keep_secrets=True)
    assert "is_open" in form.errors
