"""How many slips of the keyboard lie between what somebody typed and a word."""

SHORTEST_WORD_WITH_TWO_SLIPS = 8


def slips_allowed(typed: str) -> int:
    """One slip, in a long word two."""
    return 2 if len(typed) >= SHORTEST_WORD_WITH_TWO_SLIPS else 1


def slips_between(typed: str, word: str, at_most: int) -> int:
    """Letters wrong, missing, too many or two the wrong way round (optimal string alignment); `at_most + 1` for anything above it.

    A word that goes on after what was typed counts as met: people read the answer while they type.
    """
    beginning = word[: len(typed)]
    return min(_distance(typed, beginning, at_most), _distance(typed, word, at_most))


def _distance(one: str, other: str, at_most: int) -> int:
    if one == other:
        return 0
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, sign in enumerate(other, 1):
            step = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                step = min(step, last[j - 2] + 1)
            row.append(step)
        if min(row) > at_most:
            return at_most + 1
    return min(row[-1], at_most + 1)
