"""Every address of the site, taken from its list of addresses: nobody finds there what is not theirs, and no page lacks the policy.

An address added later is tried without another line here; one with an argument of a new name must say below what stands for it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.factories.people import user
from tests.factories.small_company import SmallCompany

from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.assignment import share_account
from openkam.app.audit.models import Entry
from openkam.app.ledger.models import ImportDraft
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope

SECRETS = ("Unseen Bay", "Secret forecast", "secret-shop", "secret-sales.csv", "Giant")
"""Words of a colleague's accounts, run and import; what is asked for says `wingtip`, which a page may repeat."""
ASKED = {"q": "wingtip", "name": "wingtip", "parent": "wingtip", "text": "wingtip"}
OPEN_TO_ALL = {"live", "ready", "people:welcome", "people:arrive", "portal:survey"}
"""The probes, the first run, and links that are their own key, a guest's among them. The ways to sign in are open as well."""
RESTRICTED = (Role.MANAGER, Role.TEAM_MEMBER, Role.READ_ONLY)
METHODS = ("get", "post")


def addresses(
    patterns: list[Any] | None = None, space: str = "", outer: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and names of the arguments of every named address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*outer, *(pattern.pattern.converters or pattern.pattern.regex.groupindex))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, arguments)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", arguments


def filled(name: str, arguments: tuple[str, ...], foreign: dict[str, dict[str, object]]) -> str:
    room = name.rpartition(":")[0]
    unknown = set(arguments) - set(foreign.get(room, {}))
    assert not unknown, f"{name}: say in `foreign` what stands for {sorted(unknown)}"
    return reverse(name, kwargs={argument: foreign[room][argument] for argument in arguments})


def text_of(answer: HttpResponse) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", errors="replace")


def has_strict_policy(answer: HttpResponse) -> bool:
    policy = answer.headers.get("Content-Security-Policy", "")
    return "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe-" not in policy


def is_open_to_all(name: str, path: str) -> bool:
    return name in OPEN_TO_ALL or path.startswith("/sign-in/")


def test_a_visitor_is_sent_to_sign_in_from_every_address(foreign: dict[str, dict[str, object]]) -> None:
    client, leaks = Client(), []
    for name, arguments in addresses():
        path = filled(name, arguments, foreign)
        for method in METHODS:
            answer = getattr(client, method)(path, ASKED)
            sent_away = answer.status_code == 302 and answer["Location"].startswith("/sign-in/login/")
            if not (sent_away or is_open_to_all(name, path)) or answer.status_code >= 500:
                leaks.append(f"{method} {path}: {answer.status_code}")
            if not has_strict_policy(answer):
                leaks.append(f"{method} {path}: no strict policy")
            leaks += [f"{method} {path} says {secret}" for secret in SECRETS if secret in text_of(answer)]
    assert leaks == []


@pytest.mark.parametrize("role", RESTRICTED)
def test_no_address_shows_or_changes_what_is_a_colleagues(
    firm: SmallCompany, foreign: dict[str, dict[str, object]], role: Role
) -> None:
    person = firm.manager if role == Role.MANAGER else user(role)
    before = Account.objects.filter(pk=firm.foreign.pk).values().get()
    history = Entry.objects.filter(record_type="accounts.account", record_key=str(firm.foreign.pk)).count()
    leaks = list(complaints(person, foreign, hidden=SECRETS))
    assert leaks == []
    assert Account.objects.filter(pk=firm.foreign.pk).values().get() == before
    assert Entry.objects.filter(record_type="accounts.account", record_key=str(firm.foreign.pk)).count() == history
    assert User.objects.get(pk=firm.colleague.pk).is_active
    assert ImportDraft.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD, Role.ANALYST])
def test_every_address_answers_whoever_sees_everything(foreign: dict[str, dict[str, object]], role: Role) -> None:
    assert list(complaints(user(role), foreign, hidden=(), methods=("get",))) == []


def test_an_analyst_of_narrow_scope_finds_no_account_either(firm: SmallCompany, foreign: dict[str, dict[str, object]]) -> None:
    person = user(Role.ANALYST, scope=Scope.OWN)  # may import: imports are the whole workspace's
    assert list(complaints(person, foreign, hidden=("Unseen Bay", "Secret forecast"), methods=("get",))) == []


def test_what_is_shared_is_found(firm: SmallCompany, foreign: dict[str, dict[str, object]]) -> None:
    """The sweep can find: with the account shared, the same addresses show it."""
    share_account(actor=firm.administrator, account=firm.foreign, user=firm.manager)
    found = list(complaints(firm.manager, foreign, hidden=("Unseen Bay",), methods=("get",)))
    shown = {line.split()[1] for line in found}
    assert {reverse("cockpit:home"), reverse("cockpit:search"), reverse("cockpit:palette"), reverse("accounts:list")} <= shown
    assert reverse("accounts:detail", args=[firm.foreign.pk]) in shown


def complaints(
    person: User, foreign: dict[str, dict[str, object]], *, hidden: tuple[str, ...], methods: tuple[str, ...] = METHODS
) -> Iterator[str]:
    """What is wrong with the answers to a person: a word they must not read, a fault of ours, a page without the policy."""
    client = Client()
    for name, arguments in addresses():
        path = filled(name, arguments, foreign)
        for method in methods:
            client.force_login(person)  # some addresses sign out
            answer = getattr(client, method)(path, ASKED)
            if answer.status_code >= 500 and name != "ready":
                yield f"{method} {path}: {answer.status_code}"
            if not has_strict_policy(answer):
                yield f"{method} {path}: no strict policy"
            said = text_of(answer) + str(answer.headers)
            yield from (f"{method} {path} says {secret}" for secret in hidden if secret in said)
