"""Who is mentioned in a text: `@` and a name, as much of it as tells the person apart.

An `@` inside a word, as in a mail address, mentions nobody. The longest run of words that is somebody's name counts, in whatever
accents and case, as in a line of quick entry.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openkam.analytics.relationship.quick_entry import LONGEST_NAME_WORDS, WORD, KnownPerson, NameQuestion, longest_name

_SIGN = re.compile(r"(?<![\w@.])@(?=[^\W\d_])")
_AFTER_A_NAME = ".'’-"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named at `start` up to `end` of the text, the sign included."""

    person: KnownPerson
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadMentions:
    """What a text says. `questions` are names that fit more than one, `strangers` words after an `@` that name nobody known."""

    mentions: tuple[Mention, ...]
    questions: tuple[NameQuestion, ...]
    strangers: tuple[str, ...]

    @property
    def people(self) -> tuple[KnownPerson, ...]:
        """Each person once, in the order of the text."""
        return tuple({mention.person.key: mention.person for mention in self.mentions}.values())


def read_mentions(text: str, known: Sequence[KnownPerson]) -> ReadMentions:
    """The mentions of a text among the people who may be named."""
    mentions: list[Mention] = []
    questions: list[NameQuestion] = []
    strangers: list[str] = []
    for sign in _SIGN.finditer(text):
        words = _joined(text, _words_after(text, sign.end()))
        length, fitting = longest_name(words, known, is_named=True)
        if len(fitting) == 1:
            written = text[sign.start() : words[length - 1].end()].rstrip(_AFTER_A_NAME)
            mentions.append(Mention(fitting[0], sign.start(), sign.start() + len(written)))
        elif fitting:
            questions.append(NameQuestion(" ".join(word.group() for word in words[:length]), fitting))
        else:
            strangers.append(words[0].group().rstrip(_AFTER_A_NAME))
    return ReadMentions(tuple(mentions), tuple(questions), tuple(strangers))


def _words_after(text: str, start: int) -> list[re.Match[str]]:
    found = WORD.finditer(text, start)
    return [word for word, _ in zip(found, range(LONGEST_NAME_WORDS), strict=False)]


def _joined(text: str, words: list[re.Match[str]]) -> list[re.Match[str]]:
    """The words up to the first that anything but spaces parts from the one before: a name does not go on after a comma."""
    for place in range(1, len(words)):
        between = text[words[place - 1].end() : words[place].start()]
        if between.strip() or words[place - 1].group().endswith("."):
            return words[:place]
    return words
