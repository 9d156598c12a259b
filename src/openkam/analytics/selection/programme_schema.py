"""Every table and key of a programme file: what is accepted, and what `docs/reference/programme.md` must explain."""

from dataclasses import dataclass
from enum import StrEnum

from openkam.analytics.selection.programme_terms import FIELDS


class Kind(StrEnum):
    """The form of a value, in the words of the reference page."""

    TEXT = "text"
    WORD = "short name (a-z, 0-9, _)"
    CURRENCY = "ISO 4217 code"
    NUMBER = "number"
    WHOLE = "whole number"
    FLAG = "true or false"
    DAY = "date"
    TEXTS = "list of texts"
    POINTS = "list of [x, y] pairs"
    MISSING = '"worst", "exclude" or a number'
    EFFORT = "number, or table of measure, points, missing"
    FIT = "tables of numbers by name"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table; `least` and `most` bound a number, `choices` a text."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of the file; `heading` is how it is written there, `is_list` whether it may be given many times."""

    name: str
    heading: str
    meaning: str
    is_list: bool
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key:
        """The key of that name; raises `KeyError` where the table has none."""
        return {k.name: k for k in self.keys}[name]


def _table(name: str, meaning: str, *keys: Key) -> TableSpec:
    return TableSpec(name, f"[{name}]", meaning, False, keys)


def _tables(name: str, meaning: str, *keys: Key) -> TableSpec:
    return TableSpec(name, f"[[{name}]]", meaning, True, keys)


_REASON = Key("reason", Kind.TEXT, "Why, in words that stand in the review", required=True)
_ACCOUNT = Key("account", Kind.TEXT, "The account, by its key", required=True)

_ATTRIBUTES = tuple(
    Key(f, Kind.TEXT, f"Used instead of the ledger's {f.replace('_name', '')} in floors, caps and fit") for f in FIELDS
)

EFFORT_CURVE = TableSpec(
    "effort_curve",
    "{measure, points, missing}",
    "Hours or cost a year read off a measure",
    False,
    (
        Key("measure", Kind.TEXT, "Measure that drives the effort", required=True),
        Key("points", Kind.POINTS, "Pairs [level, effort a year], levels rising, flat beyond the ends", required=True, least=0),
        Key("missing", Kind.NUMBER, "Effort where the measure is missing; the largest of the points unless given", least=0),
    ),
)

MANAGER_FIT = TableSpec(
    "manager_fit",
    "{region, industry, account}",
    "How well a manager fits, 0 = cannot, 1 = fully",
    False,
    (
        Key("region", Kind.FIT, "Fit by region; a region not named counts 1", least=0, most=1),
        Key("industry", Kind.FIT, "Fit by industry; an industry not named counts 1", least=0, most=1),
        Key("account", Kind.FIT, "Fit by account, instead of everything else said about the manager", least=0, most=1),
    ),
)

SERVICE_RATE = TableSpec(
    "service_rate",
    "[service_rates.<activity>]",
    "Time and cost of one activity where the ledger does not say",
    False,
    (
        Key("minutes_per_activity", Kind.NUMBER, "Minutes that one activity takes", required=True, least=0),
        Key("cost_per_minute", Kind.NUMBER, "Cost of one minute, in the reporting currency", required=True, least=0),
    ),
)

TABLES = {
    t.name: t
    for t in (
        _table(
            "programme",
            "What the programme is called and over what it looks",
            Key("name", Kind.TEXT, "Name of the programme, as documents show it", required=True),
            Key("currency", Kind.CURRENCY, "Reporting currency; the ledger's own where it has one only"),
            Key("period_months", Kind.WHOLE, "Months looked back from the as-of day; 12 unless given", least=1, most=120),
            Key(
                "discount_rate_per_year",
                Kind.NUMBER,
                "Effective rate at which a margin that lies ahead is discounted, 0.1 = 10 %; 0.1 unless given",
                least=0.001,
                most=1,
            ),
        ),
        _tables(
            "criterion",
            "One part of the utility: a measure or a rating, its weight and its value function",
            Key("name", Kind.WORD, "Name, unique; the review's column is the name after value_", required=True),
            Key("label", Kind.TEXT, "Words shown; made from the name unless given"),
            Key("measure", Kind.TEXT, "Measure of the account; give this or rating"),
            Key("fallback_measure", Kind.TEXT, "Measure used for all accounts where no account has the measure"),
            Key("rating", Kind.WORD, "Name of an anchored 0-4 scale; give this or measure"),
            Key("weight", Kind.NUMBER, "Weight; weights are divided by their sum", required=True, least=0),
            Key(
                "points",
                Kind.POINTS,
                "Value function: pairs [level, value], levels rising, values in 0-1 with at most one peak",
            ),
            Key("anchors", Kind.TEXTS, "Five sentences: what 0, 1, 2, 3 and 4 mean; for a rating"),
            Key("missing", Kind.MISSING, "Value of an account without the measure; worst unless given", least=0, most=1),
        ),
        _tables(
            "rating",
            "One rater's judgement of one account",
            _ACCOUNT,
            Key("criterion", Kind.WORD, "The scale, as the criterion's rating names it", required=True),
            Key("value", Kind.WHOLE, "0, 1, 2, 3 or 4, by the anchors", required=True, least=0, most=4),
            Key("evidence", Kind.TEXT, "What it rests on: a document, a date, a number", required=True),
            Key("rated_by", Kind.TEXT, "Who judged", required=True),
            Key("rated_on", Kind.DAY, "Day of the judgement", required=True),
        ),
        _table(
            "candidates",
            "Which accounts are looked at",
            Key("minimum_net_sales", Kind.NUMBER, "Least net sales in the period, in the reporting currency; not for prospects"),
            Key("include_prospects", Kind.FLAG, "Whether accounts that never bought may be key; false unless given"),
            Key("at_most", Kind.WHOLE, "Most candidates; the best by utility stay", least=1),
        ),
        _table(
            "effort",
            "What keeping a key account takes in a year",
            Key("hours", Kind.EFFORT, "Manager hours per account and year", least=0),
            Key("cost", Kind.EFFORT, "Cost per account and year, in the reporting currency", least=0),
        ),
        _tables(
            "account",
            "What the firm knows better than the ledger about one account",
            _ACCOUNT,
            Key("hours", Kind.NUMBER, "Its manager hours per year", least=0),
            Key("cost", Kind.NUMBER, "Its cost per year, in the reporting currency", least=0),
            *_ATTRIBUTES,
        ),
        _table(
            "limits",
            "Limits over all chosen accounts",
            Key("accounts_at_least", Kind.WHOLE, "Fewest key accounts", least=0),
            Key("accounts_at_most", Kind.WHOLE, "Most key accounts", least=1),
            Key("budget_per_year", Kind.NUMBER, "Most cost per year in all, in the reporting currency", least=0),
            Key("hours_per_year", Kind.NUMBER, "Most manager hours per year in all", least=0),
            Key("prospects_at_least", Kind.WHOLE, "Fewest key accounts that never bought", least=0),
            Key(
                "mean_expected_loss_rate_at_most",
                Kind.NUMBER,
                "Most expected loss of the chosen accounts as a share of their net sales",
                least=0,
                most=1,
            ),
            Key("group_coherence", Kind.FLAG, "Whether an account may be key only if its parent is; false unless given"),
        ),
        _tables(
            "manager",
            "A key account manager: hours, territory and fit",
            Key("name", Kind.TEXT, "Name, unique", required=True),
            Key("hours_per_year", Kind.NUMBER, "Hours per year for key accounts", required=True, least=0),
            Key("regions", Kind.TEXTS, "Regions served; all unless given"),
            Key("industries", Kind.TEXTS, "Industries served; all unless given"),
            Key("fit", Kind.FIT, "How well the manager fits, by region, industry or account", least=0, most=1),
        ),
        _tables(
            "floor",
            "Fewest key accounts of a region, country, industry, category or group",
            Key("field", Kind.TEXT, "Attribute of the account", required=True, choices=FIELDS),
            Key("value", Kind.TEXT, "Its value; each value that a candidate has unless given"),
            Key("accounts_at_least", Kind.WHOLE, "Fewest key accounts with that value", required=True, least=1),
        ),
        _tables(
            "cap",
            "Largest share of the chosen accounts' net sales with one industry, country, region, category or group",
            Key("field", Kind.TEXT, "Attribute of the account", required=True, choices=FIELDS),
            Key("value", Kind.TEXT, "Its value; each value that a candidate has unless given"),
            Key("share_of_sales_at_most", Kind.NUMBER, "Largest share, 0.4 = 40 %", required=True, least=0, most=1),
        ),
        _tables(
            "gate",
            "A hard rule: an account beyond the bound cannot be key; one without the measure passes",
            Key("measure", Kind.TEXT, "Measure of the account", required=True),
            Key("at_most", Kind.NUMBER, "Largest level that passes; give this or at_least"),
            Key("at_least", Kind.NUMBER, "Smallest level that passes; give this or at_most"),
            _REASON,
        ),
        _tables(
            "conflict",
            "Accounts of which at most one may be key",
            Key("accounts", Kind.TEXTS, "Two or more accounts, by their keys", required=True),
            _REASON,
        ),
        _tables(
            "pin",
            "A person's decision about one account",
            _ACCOUNT,
            Key("decision", Kind.TEXT, "in = must be key, out = must not", required=True, choices=("in", "out")),
            _REASON,
        ),
        _table("service_rates", "Time and cost of activities: one table [service_rates.<activity>] each"),
        _table(
            "provision",
            "The provision matrix behind the expected loss",
            Key(
                "buckets",
                Kind.POINTS,
                "Pairs [days past due from, loss rate], days rising from 0, rates in 0-1 never falling",
                required=True,
                least=0,
                most=1,
            ),
        ),
    )
}
"""The tables by name, in the order of the template. `service_rates` has no keys of its own: each activity is a `SERVICE_RATE`."""
