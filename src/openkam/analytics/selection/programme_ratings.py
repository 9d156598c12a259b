"""Ratings that people gave elsewhere, written into a programme's text, so that a review needs nothing but the text."""

import json
from collections.abc import Iterable, Mapping, Sequence

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_edit import Edit, edited_programme, removed_table
from openkam.analytics.selection.programme_terms import Rating


def rated_programme(text: str, ratings: Iterable[Rating], anchors: Mapping[str, Sequence[str]], *, name: str) -> str:
    """The text with the ratings on scales that its criteria name, and with the anchors by scale that hold now.

    A rating takes the place of one in the text by the same rater on the same account and scale. Raises `ProgrammeError` where the
    text holds a fault, or writes a value in a way that cannot be changed by itself.
    """
    programme = Programme.parse(text, name=name)
    scales = {c.rating for c in programme.criteria if c.rating}
    counted = [rating for rating in ratings if rating.criterion in scales]
    given = {(rating.account, rating.criterion, rating.rated_by) for rating in counted}
    for number in range(len(programme.ratings), 0, -1):
        old = programme.ratings[number - 1]
        if (old.account, old.criterion, old.rated_by) in given:
            text = removed_table(text, "rating", number, name=name)
    edits = [
        Edit("criterion", "anchors", tuple(anchors[c.rating]), number)
        for number, c in enumerate(programme.criteria, 1)
        if c.rating is not None and c.rating in anchors and tuple(anchors[c.rating]) != c.anchors
    ]
    text = edited_programme(text, edits, name=name)
    blocks = "".join(_block(rating) for rating in counted)
    return f"{text.rstrip()}\n{blocks}" if blocks else text


def _block(rating: Rating) -> str:
    words = {"account": rating.account, "criterion": rating.criterion, "evidence": rating.evidence, "rated_by": rating.rated_by}
    lines = "".join(f"{key} = {json.dumps(_readable(value), ensure_ascii=False)}\n" for key, value in words.items())
    return f"\n[[rating]]\n{lines}value = {rating.value}\nrated_on = {rating.rated_on.isoformat()}\n"


def _readable(text: str) -> str:
    """The text with a space for each control character, which a programme refuses; lines stay lines."""
    return "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in text)
