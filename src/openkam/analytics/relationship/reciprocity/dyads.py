"""Who knows whom: every pair of people who wrote to each other, how evenly and how lately.

    reciprocity  ρ = 2·min(out, in) / (out + in)             0 = one of them only ever writes, 1 = both write alike
    warmth       w = Σ 2^(−age / half-life)                  mails that still count: one of today is 1, one of a half-life ago 1/2
    strength     1 − 2^(−w / w½)                             warmth between 0 and 1; w½ is the warmth of a tie half as strong as can be

Half-life, w½ and where "warm" begins are the firm's own to set; the defaults are a start, no finding.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

import numpy as np
import polars as pl

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.orders import Indices, Mask
from openkam.analytics.relationship.reciprocity.mails import Mails, instant
from openkam.analytics.terms import OpenKamError

HALF_LIFE_DAYS = 60.0
HALF_STRONG_AT = 3.0
"""Mails of today that make a tie half as strong as can be."""

_SECONDS_PER_DAY = 86_400.0
_WEIGHT_STEPS = 2.0**30
"""Weights are summed in whole steps of 2⁻³⁰, so that neither the order of rows nor the number of threads changes the sum."""


@dataclass(frozen=True, slots=True)
class Dyads:
    """Pairs of people with at least one mail between them, sorted; one place per pair, `first` < `second`.

    `out` are mails from first to second, `back` the other way. `first_at` and `last_at` are seconds since 1970-01-01 UTC.
    `warmth` counts mails by their age (see above). What is not between two people has no row: no contact is recorded, which is
    not the same as none.
    """

    first: Indices
    second: Indices
    out: Indices
    back: Indices
    first_at: Indices
    last_at: Indices
    warmth: Vector

    @property
    def reciprocity(self) -> Vector:
        """ρ of every pair (share)."""
        return reciprocity(self.out, self.back)

    def taken(self, places: Mask | Indices) -> Self:
        """These pairs alone."""
        return replace(self, **{name: getattr(self, name)[places] for name in Dyads.__dataclass_fields__})

    def across(self, our_count: int) -> Self:
        """Pairs of one of ours (numbered below `our_count`) and one of theirs: `out` is ours to them."""
        return self.taken((self.first < our_count) & (self.second >= our_count))


def reciprocity(out: Indices, back: Indices) -> Vector:
    """2·min(out, in) / (out + in) (share), NaN where nobody wrote."""
    return ratio(2 * np.minimum(out, back), out + back)


def strength(warmth: Vector, half_strong_at: float = HALF_STRONG_AT) -> Vector:
    """Strength of ties (0 to 1) from their warmth: every further `half_strong_at` halves what is missing to 1."""
    if half_strong_at <= 0:
        raise OpenKamError(f"A tie is said to be half strong at a warmth of {half_strong_at:g}: give a number above 0.")
    return 1.0 - np.exp2(-warmth / half_strong_at)


def who_knows_whom(mails: Mails, as_of_at: datetime, half_life_days: float = HALF_LIFE_DAYS) -> Dyads:
    """All pairs from the mails sent until `as_of_at`, in one pass."""
    if half_life_days <= 0:
        raise OpenKamError(f"The half-life is {half_life_days:g} days: give a number above 0.")
    told, people, now = mails.until(as_of_at), max(mails.person_count, 1), instant(as_of_at)
    # Grouping moves every row: keys and ages as narrow as they allow save about a quarter of the time.
    key = pl.UInt32 if people**2 <= 2**32 else pl.Int64
    seconds = pl.Int32 if len(told.sent_at) and now - int(told.sent_at.min()) < 2**31 else pl.Int64
    low, high, age = pl.min_horizontal("sender", "recipient"), pl.max_horizontal("sender", "recipient"), now - pl.col("sent_at")
    fresh = (age * (-np.log(2.0) / (half_life_days * _SECONDS_PER_DAY))).exp()
    pairs = (
        pl.LazyFrame({"sender": told.sender, "recipient": told.recipient, "sent_at": told.sent_at})
        .select(
            (low * people + high).cast(key).alias("pair"),
            (pl.col("sender") < pl.col("recipient")).alias("is_out"),
            age.cast(seconds).alias("age"),
            (fresh * _WEIGHT_STEPS).round().cast(pl.Int64).alias("weight"),
        )
        .group_by("pair")
        .agg(
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("is_out").sum().cast(pl.Int64).alias("out"),
            pl.col("age").max().cast(pl.Int64).alias("oldest"),
            pl.col("age").min().cast(pl.Int64).alias("newest"),
            pl.col("weight").sum(),
        )
        .sort("pair")
        .collect(engine="streaming")  # half the time of grouping all rows at once, and little memory
    )
    pair, out = pairs["pair"].cast(pl.Int64).to_numpy(), pairs["out"].to_numpy()
    return Dyads(
        first=pair // people,
        second=pair % people,
        out=out,
        back=pairs["count"].to_numpy() - out,
        first_at=now - pairs["oldest"].to_numpy(),
        last_at=now - pairs["newest"].to_numpy(),
        warmth=pairs["weight"].to_numpy() / _WEIGHT_STEPS,
    )


@dataclass(frozen=True, slots=True)
class AccountContact:
    """One place per account: mails `out` to it and `back`, `warmth` summed over its pairs, `pairs` that wrote, `two_way_pairs`
    of them with mails both ways. An account nobody wrote to has 0 mails, and NaN for its reciprocity.

    The reciprocity of sums can hide that one pair only sends and another only receives: read it beside `two_way_pairs`.
    """

    out: Indices
    back: Indices
    warmth: Vector
    pairs: Indices
    two_way_pairs: Indices

    @property
    def reciprocity(self) -> Vector:
        """ρ of all mails of the account (share)."""
        return reciprocity(self.out, self.back)


def account_contact(dyads: Dyads, account: Indices, account_count: int, our_count: int) -> AccountContact:
    """Pairs of ours and theirs summed by account. `account` is that of every person (any number for ours)."""
    across = dyads.across(our_count)
    place = account[across.second]

    def total(values: Indices | Mask) -> Indices:
        return np.bincount(place, weights=values, minlength=account_count).round().astype(np.int64)

    return AccountContact(
        out=total(across.out),
        back=total(across.back),
        warmth=np.bincount(place, weights=across.warmth, minlength=account_count).astype(np.float64),
        pairs=np.bincount(place, minlength=account_count),
        two_way_pairs=total((across.out > 0) & (across.back > 0)),
    )
