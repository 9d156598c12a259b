"""The words that tell of one person: found in any text whatever its case, accents, spaces and order of names, and taken out.

`strong` words (the whole name in either order, mail addresses, phone numbers) tell of the person wherever they stand. `near` words
(each name alone) do so only in texts that are about the person's own accounts: elsewhere Berg is a mountain.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

MARK = "[erased]"
"""What stands where a person was taken out."""

LEAST_LETTERS = 3
"""A shorter part of a name (de, von, an initial) says nothing by itself."""

LEAST_FIGURES = 6
"""A shorter number is no phone number that could be told from others."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in lower case without accents, and for each of its letters the place of the one that it came from."""

    text: str
    places: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Folded":
        """Fold letter by letter: ß becomes ss, ü becomes u, and every letter remembers its place."""
        if text.isascii():  # most of what a workspace holds, and a thousand times as fast
            return cls(text.lower(), range(len(text)))
        letters: list[str] = []
        places: list[int] = []
        for place, letter in enumerate(text):
            for plain in unicodedata.normalize("NFKD", letter.casefold()):
                if not unicodedata.combining(plain):
                    letters.append(plain)
                    places.append(place)
        return cls("".join(letters), tuple(places))


@dataclass(frozen=True)
class PersonWords:
    """What a person is known by: name, mail addresses, phone numbers. Get one by `of`."""

    name: str
    addresses: tuple[str, ...]
    phones: tuple[str, ...]
    shared: frozenset[str]

    @classmethod
    def of(
        cls, name: str, addresses: Iterable[str] = (), phones: Iterable[str] = (), *, shared_with: Iterable[str] = ()
    ) -> "PersonWords":
        """The words of a person. `shared_with` are names of others near by: a part that one of them has too is no near word."""
        others = frozenset(word for other in shared_with for word in _words(other))
        mails = tuple(sorted({address.strip().lower() for address in addresses if address.strip()}))
        return cls(" ".join(name.split()), mails, tuple(sorted({phone for phone in phones if phone.strip()})), others)

    def is_in(self, text: str, *, is_near: bool = False) -> bool:
        """Whether the text tells of the person; `is_near` counts each of their names alone."""
        return bool(text) and self._pattern(is_near).search(Folded.of(text).text) is not None

    def without(self, text: str, *, is_near: bool = False) -> str:
        """The text with `MARK` wherever it tells of the person; the text itself where it does not."""
        folded = Folded.of(text)
        kept: list[str] = []
        end = 0
        for found in self._pattern(is_near).finditer(folded.text):
            first, last = folded.places[found.start()], folded.places[found.end() - 1]
            kept += [text[end:first], MARK]
            end = last + 1
        return "".join([*kept, text[end:]]) if kept else text

    def _pattern(self, is_near: bool) -> re.Pattern[str]:
        return self._near if is_near else self._strong

    @cached_property
    def _strong(self) -> re.Pattern[str]:
        return _any_of(self._strong_forms())

    @cached_property
    def _near(self) -> re.Pattern[str]:
        alone = [re.escape(word) for word in _words(self.name) if len(word) >= LEAST_LETTERS and word not in self.shared]
        return _any_of([*self._strong_forms(), *alone])

    def _strong_forms(self) -> list[str]:
        forms = [re.escape(address) for address in (Folded.of(one).text for one in self.addresses)]
        words = [re.escape(word) for word in _words(self.name)]
        if len(words) > 1:
            forms += [r"[\W_]+".join(words), r"[\W_]+".join([words[-1], *words[:-1]])]
            if len(words) > 2:
                forms.append(rf"{words[0]}[\W_]+{words[-1]}")
        elif words and len(words[0]) >= LEAST_LETTERS:
            forms += words
        for phone in self.phones:
            figures = re.sub(r"\D", "", phone)
            if len(figures) >= LEAST_FIGURES:
                forms.append(r"\+?" + r"[\s()/.\-]*".join(figures))
        return forms


def _any_of(forms: list[str]) -> re.Pattern[str]:
    if not forms:
        return re.compile(r"(?!)")
    # The longest first: of a whole name and a part of it the whole is taken out.
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?!\w)")


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", Folded.of(name).text)
