"""One line read as an entry: "call with Anna Berg yesterday 30m about delivery".

What is read is taken out of the line in the order kind, day, time, length, people; the rest is the subject. Nothing is guessed: a name that
fits several people is asked about, a day such as 3/11 is told to be unclear, and a day without a year is the latest one that has come.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

KIND_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("call", "called", "phone", "phoned", "rang"), "call"),
    **dict.fromkeys(("meeting", "met", "meet", "workshop", "lunch", "dinner"), "meeting"),
    **dict.fromkeys(("mail", "mailed", "email", "emailed", "e-mail", "wrote"), "mail"),
    **dict.fromkeys(("visit", "visited"), "visit"),
    **dict.fromkeys(("note", "noted"), "note"),
}
"""Words that say what happened."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(rf"\b(?:on\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH}\b\.?(?:\s+(\d{{4}})\b)?", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b(?:on\s+)?{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?", re.IGNORECASE)
_WORD_DAY = re.compile(rf"\b(?:on\s+|last\s+)?(today|yesterday|{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_UNCLEAR_DAY = re.compile(r"\b\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?\b|\.\d{1,2}\.(?:\d{2,4}\b)?)")
_TIME = re.compile(r"\b(?:at\s+)?([01]?\d|2[0-3]):([0-5]\d)\b", re.IGNORECASE)
_HALF_DAY_TIME = re.compile(r"\b(?:at\s+)?(1[0-2]|[1-9])\s?(am|pm)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"\b(?:for\s+)?(\d{1,2}(?:\.\d{1,2})?)\s?(?:h|hours?|hrs?)(?:\s?(\d{1,2})\s?(?:m|min|minutes)?)?\b", re.IGNORECASE
)
_MINUTES = re.compile(r"\b(?:for\s+)?(\d{1,3})\s?(?:m|mins?|minutes?)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|re|regarding)\b:?\s*", re.IGNORECASE)
WORD = re.compile(r"[\w'’.-]+")
_JOINING = frozenset({"with", "and", "to", "from", "by"})
_IDLE = _JOINING | {"on", "at", "for", "in", "the", "a", "an", "i", "we", "had"}
LONGEST_NAME_WORDS = 5
_LETTERS = str.maketrans(
    {
        **dict(zip("øđðłħıĸŋŧ", "oddlhiknt", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ß": "ss",
        **dict.fromkeys("'’ʼ", ""),
    }
)
"""Letters that Unicode does not decompose, and the apostrophe, which "O'Brien" is written with and without."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody the line may name; `key` is whatever tells them apart."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """Words of the line that fit more than one person."""

    words: str
    candidates: tuple[KnownPerson, ...]


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """What a line says. None and empty: it does not say. `is_from_them`: a mail or call *from* somebody, or *to* them.

    `questions` name people who cannot be told apart, `strangers` are named after with, to or from and known to nobody;
    `unclear_day` is a day in words that can be read in two ways, or that is in no calendar.
    """

    kind: str | None
    on: date | None
    at: time | None
    duration_minutes: int | None
    people: tuple[KnownPerson, ...]
    questions: tuple[NameQuestion, ...]
    strangers: tuple[str, ...]
    is_from_them: bool | None
    subject: str
    unclear_day: str


def read_entry(line: str, today: date, known: Sequence[KnownPerson]) -> ReadEntry:
    """Read one line as of `today`, with the people who may be named."""
    text = " ".join(unicodedata.normalize("NFC", line).split())
    head, subject = _parted(text)
    rest = _Rest(head)
    kind = rest.kind()
    on, unclear = rest.day(today)
    at, minutes = rest.time_of_day(), rest.length()
    people, questions, strangers, direction = rest.people(known)
    return ReadEntry(
        kind=kind,
        on=on,
        at=at,
        duration_minutes=minutes,
        people=people,
        questions=questions,
        strangers=strangers,
        is_from_them=direction if kind in {"mail", "call"} else None,
        subject=subject or rest.words(),
        unclear_day=unclear,
    )


def _parted(text: str) -> tuple[str, str]:
    """What comes before the word about, and what comes after it. After it a day or a name is part of the subject."""
    about = _ABOUT.search(text)
    if about is None:
        return text, ""
    head, tail = text[: about.start()], text[about.end() :]
    # "about delivery yesterday": the day closes the line and is no part of what it was about.
    closing = re.search(rf"\s(?:{_WORD_DAY.pattern}|{_ISO.pattern})$", tail, re.IGNORECASE)
    if closing:
        return f"{head} {closing.group()}", tail[: closing.start()].strip()
    return head, tail.strip()


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without accents, case and apostrophes, as the search of names folds them.

    The rooms fold names in their terms, which may not ask the engine; a test holds both alike.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).casefold().translate(_LETTERS)
    return tuple(re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


class _Rest:
    """What is left of a line while it is being read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def kind(self) -> str | None:
        for found in WORD.finditer(self.text):
            kind = KIND_WORDS.get(found.group().casefold().rstrip("."))
            if kind:
                self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
                return kind
        return None

    def day(self, today: date) -> tuple[date | None, str]:
        for pattern, read in ((_ISO, _from_iso), (_DAY_MONTH, _from_day_month), (_MONTH_DAY, _from_month_day)):
            found = self.taken(pattern)
            if found:
                day = read(found, today)
                return (day, "") if day else (None, found.group().strip())
        found = self.taken(_WORD_DAY)
        if found:
            return _from_word(found, today), ""
        unclear = self.taken(_UNCLEAR_DAY)
        return None, unclear.group() if unclear else ""

    def time_of_day(self) -> time | None:
        found = self.taken(_TIME)
        if found:
            return time(int(found[1]), int(found[2]))
        found = self.taken(_HALF_DAY_TIME)
        return time(int(found[1]) % 12 + 12 * (found[2].lower() == "pm")) if found else None

    def length(self) -> int | None:
        found = self.taken(_HOURS)
        if found:
            return round(float(found[1]) * 60) + int(found[2] or 0)
        found = self.taken(_MINUTES)
        return int(found[1]) if found else None

    def people(
        self, known: Sequence[KnownPerson]
    ) -> tuple[tuple[KnownPerson, ...], tuple[NameQuestion, ...], tuple[str, ...], bool | None]:
        words = list(WORD.finditer(self.text))
        found: dict[str, KnownPerson] = {}
        questions: list[NameQuestion] = []
        strangers: list[str] = []
        used: list[tuple[int, int]] = []
        direction: bool | None = None
        place = 0
        while place < len(words):
            follows = words[place - 1].group().casefold() if place else ""
            length, fitting = longest_name(words[place:], known, is_named=follows in _JOINING)
            if not length and follows in _JOINING and words[place].group()[:1].isupper():
                length = next((n for n, word in enumerate(words[place:]) if not word.group()[:1].isupper()), len(words) - place)
                strangers.append(" ".join(word.group() for word in words[place : place + length]))
            elif len(fitting) == 1:
                found.setdefault(fitting[0].key, fitting[0])
            elif fitting:
                questions.append(NameQuestion(" ".join(word.group() for word in words[place : place + length]), fitting))
            if length:
                if direction is None and follows in {"to", "from", "by"}:
                    direction = follows != "to"
                used.append((words[place].start(), words[place + length - 1].end()))
            place += max(length, 1)
        for start, end in reversed(used):
            self.text = f"{self.text[:start]} {self.text[end:]}"
        return tuple(found.values()), tuple(questions), tuple(strangers), direction

    def words(self) -> str:
        """What nothing was read from, without the words that only join."""
        kept = self.text.split()
        while kept and kept[0].casefold().strip(",;:.") in _IDLE | {""}:
            del kept[0]
        while kept and kept[-1].casefold().strip(",;:.") in _IDLE | {""}:
            del kept[-1]
        return " ".join(word for word in kept if word.casefold() not in _JOINING).strip(" ,;:")


def longest_name(
    words: Sequence[re.Match[str]], known: Sequence[KnownPerson], *, is_named: bool
) -> tuple[int, tuple[KnownPerson, ...]]:
    """The most words from the first on that are a name of somebody; one word alone only where it is written as a name."""
    for length in range(min(LONGEST_NAME_WORDS, len(words)), 0, -1):
        written = [word.group() for word in words[:length]]
        if length == 1 and not is_named and not written[0][:1].isupper():
            continue
        said = folded_words(" ".join(written))
        fitting = tuple(person for person in known if said and _is_name(said, folded_words(person.name)))
        exact = tuple(person for person in fitting if said == folded_words(person.name))
        if fitting:
            return length, exact if len(exact) == 1 else fitting
    return 0, ()


def _is_name(said: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the words said are words of the name in its order, none left out in between but at most at the ends."""
    return any(tuple(name[start : start + len(said)]) == tuple(said) for start in range(len(name) - len(said) + 1)) or (
        len(said) > 1 and said[0] == name[0] and said[-1] == name[-1] and set(said) <= set(name)
    )


def _from_iso(found: re.Match[str], today: date) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _from_day_month(found: re.Match[str], today: date) -> date | None:
    return _with_year(int(found[1]), found[2], found[3], today)


def _from_month_day(found: re.Match[str], today: date) -> date | None:
    return _with_year(int(found[2]), found[1], found[3], today)


def _with_year(day: int, month_word: str, year: str | None, today: date) -> date | None:
    month = _MONTHS.index(month_word[:3].lower()) + 1
    if year:
        return _date(int(year), month, day)
    # 29 February may be up to eight years back.
    years = (_date(today.year - back, month, day) for back in range(9))
    return next((candidate for candidate in years if candidate and candidate <= today), None)


def _from_word(found: re.Match[str], today: date) -> date:
    word = found[1].lower()
    if word in {"today", "yesterday"}:
        return today - timedelta(days=word == "yesterday")
    back = (today.weekday() - _WEEKDAYS.index(word)) % 7
    if back == 0 and found.group().lower().startswith("last"):
        back = 7
    return today - timedelta(days=back)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
