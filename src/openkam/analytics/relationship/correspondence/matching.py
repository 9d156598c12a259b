"""Whose addresses took part: our people, contacts, an account by its domain, or somebody unknown. No address is ever guessed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from openkam.analytics.relationship.correspondence.addresses import domain_of
from openkam.analytics.relationship.correspondence.items import Correspondence, Involved

FREE_MAIL_DOMAINS = frozenset(
    """aol.com bigpond.com bk.ru bluewin.ch btinternet.com comcast.net fastmail.com foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch
    gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com inbox.ru interia.pl
    laposte.net libero.it list.ru live.com live.co.uk live.nl mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com o2.pl onet.pl
    orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com sbcglobal.net
    seznam.cz sfr.fr t-online.de telenet.be tutanota.com uol.com.br verizon.net virgilio.it wanadoo.fr web.de wp.pl ya.ru yahoo.co.in
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com ziggo.nl zoho.com
    126.com 163.com""".split()  # noqa: SIM905 - a hundred names read better without quotes
)
"""Domains at which anybody has an address: they belong to no account."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a contact at an account with its days; None is not told, and at the end still held."""

    contact: int
    account: int
    from_on: date | None
    until_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it was held that day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is known, by address in lower case: `users` of ours, the `posts` of contacts. `editable`: accounts that may be written to."""

    users: Mapping[str, int]
    posts: Mapping[str, Sequence[Post]]
    editable: frozenset[int]
    our_domains: frozenset[str] = field(init=False)
    account_domains: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        ours = {domain_of(address) for address in self.users} - FREE_MAIL_DOMAINS
        accounts: dict[str, set[int]] = {}
        for address, posts in self.posts.items():
            accounts.setdefault(domain_of(address), set()).update(post.account for post in posts)
        # A domain of several accounts (a group's, a buying office's) tells of none of them.
        told = {name: next(iter(found)) for name, found in accounts.items() if len(found) == 1}
        object.__setattr__(self, "our_domains", frozenset(ours))
        object.__setattr__(self, "account_domains", {n: a for n, a in told.items() if n not in ours | FREE_MAIL_DOMAINS})


class Outcome(StrEnum):
    """What becomes of a mail or an appointment."""

    TAKEN = "taken"
    INTERNAL = "among ourselves"
    NO_ACCOUNT = "no account is concerned"
    NONE_OF_OURS = "none of ours took part"
    NOT_YOURS = "an account of somebody else's"


@dataclass(frozen=True, slots=True)
class Matched:
    """Somebody who took part: a user of ours, a contact, or neither: an address, `is_ours` by its domain."""

    person: Involved
    user: int | None = None
    contact: int | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What becomes of an item; by account that may be written to, who of ours and of that account took part."""

    outcome: Outcome
    by_account: Mapping[int, Sequence[Matched]] = field(default_factory=dict)


def match(item: Correspondence, directory: Directory, importer: int) -> Match:
    """Match everybody who took part.

    An address is a user's by being theirs, ours by our domain, a contact's by being theirs, an account's by a domain at which its
    contacts alone have addresses. A contact with posts at several accounts counts at those held on the day. An appointment that
    names none of ours was the `importer`'s own.
    """
    ours: list[Matched] = []
    theirs: dict[int, list[Matched]] = {}
    for person in item.involved:
        mine = _ours(person, directory)
        if mine is not None:
            ours.append(mine)
            continue
        for account, found in _theirs(person, item.at.date(), directory):
            theirs.setdefault(account, []).append(found)
    if not theirs:
        return Match(Outcome.INTERNAL if ours and len(ours) == len(item.involved) else Outcome.NO_ACCOUNT)
    mine_of = {one.user: one for one in reversed(ours) if one.user is not None}
    plain = [one for one in ours if one.user is None]
    if item.is_appointment and not ours:
        mine_of = {importer: Matched(item.involved[0], user=importer, is_ours=True)}
    elif not ours:
        return Match(Outcome.NONE_OF_OURS)
    shown = {
        account: [*mine_of.values(), *plain, *_once(found)] for account, found in theirs.items() if account in directory.editable
    }
    return Match(Outcome.TAKEN if shown else Outcome.NOT_YOURS, shown)


def _ours(person: Involved, directory: Directory) -> Matched | None:
    user = directory.users.get(person.address)
    if user is not None or domain_of(person.address) in directory.our_domains:
        return Matched(person, user=user, is_ours=True)
    return None


def _theirs(person: Involved, day: date, directory: Directory) -> list[tuple[int, Matched]]:
    posts = directory.posts.get(person.address)
    if posts is None:
        account = directory.account_domains.get(domain_of(person.address))
        return [] if account is None else [(account, Matched(person))]
    if len({post.account for post in posts}) > 1:
        posts = [post for post in posts if post.holds_on(day)]
    people = {post.contact for post in posts}
    # An address that several contacts share, such as info@, is none of theirs alone.
    contact = people.pop() if len(people) == 1 else None
    return [(account, Matched(person, contact=contact)) for account in {post.account: None for post in posts}]


def _once(found: Sequence[Matched]) -> list[Matched]:
    """A contact with two addresses in one mail took part once, with the first."""
    people: dict[object, Matched] = {}
    for one in found:
        people.setdefault(one.person.address if one.contact is None else one.contact, one)
    return list(people.values())
