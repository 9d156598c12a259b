"""Every text of the database that tells of a person, whichever room keeps it: a model that is added later is looked through too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from openkam.app.audit.models import Entry
from openkam.app.relationships.models import (
    Answer,
    Claim,
    Commitment,
    Contact,
    ContactPoint,
    ContactProposal,
    ErasedAddress,
    Erasure,
    ExitPlan,
    ExitRisk,
    ExitValue,
    Interaction,
    LoyaltyEvidence,
    Participant,
    PeopleMap,
    Response,
    StageChange,
    StageEvidence,
    Survey,
)
from openkam.app.relationships.queries.person_traces import Person
from openkam.app.selection.models import Decision, Round, Scenario

NEAR: dict[type[models.Model], str] = {
    Claim: "account",
    Commitment: "account",
    Interaction: "account",
    ExitPlan: "account",
    ExitValue: "plan__account",
    ExitRisk: "plan__account",
    LoyaltyEvidence: "account",
    StageEvidence: "account",
    StageChange: "account",
    Survey: "account",
    Response: "survey__account",
    Answer: "response__survey__account",
    PeopleMap: "account",
    Decision: "account",
}
"""Texts about an account, and the way to it: at the person's own accounts each of their names tells of them."""
SKIPPED_ROOMS = frozenset({"people", "valuation"})
"""People are our own; a valuation is computed and has no words about anybody."""
SKIPPED = frozenset(
    {"accounts.account", "accounts.tradename", "accounts.accountkey", "accounts.identifier", "selection.candidate"}
)
"""Names of firms, which stay even where a firm is called after somebody, and what is computed of them."""
HANDLED: tuple[type[models.Model], ...] = (Entry, Contact, ContactPoint, ContactProposal, Participant, Erasure, ErasedAddress)
"""What an erasure handles by itself."""
CODES = frozenset(
    {
        "stored",
        "sha256",
        "digest",
        "token_digest",
        "nonce",
        "sealed_password",
        "batch_id",
        "site_address",
        "programme_digest",
        "worker",
    }
)
GUARDED: tuple[type[models.Model], ...] = (StageChange, Round, Scenario, Decision)
"""What triggers keep as it is: an erasure may change it right behind its entry in the audit, and only then."""
KEYS = frozenset({"external_id", "thread_key"})
"""By these a mail is known again: a key with the person's words becomes a digest, not a mark that two would share."""


@dataclass(frozen=True, slots=True)
class NamingText:
    """A record with texts that tell of the person: by field the value without them; `is_near` when it is about an account of theirs."""

    model: type[models.Model]
    pk: Any
    values: dict[str, Any]


def texts_naming(person: Person) -> Iterator[NamingText]:
    """Every record whose texts tell of the person."""
    for model in apps.get_models():
        if is_looked_through(model):
            yield from _of_model(person, model)


def is_looked_through(model: type[models.Model]) -> bool:
    """Whether people write texts into the model's records."""
    label = model._meta.label_lower
    is_ours = model.__module__.startswith("openkam.app.") and model._meta.managed
    return is_ours and model._meta.app_label not in SKIPPED_ROOMS and label not in SKIPPED and model not in HANDLED


def redacted(person: Person, value: Any, *, is_near: bool) -> Any:
    """A value without the person: texts in lists and objects too."""
    match value:
        case str():
            return person.without(value, is_near=is_near)
        case list():
            return [redacted(person, one, is_near=is_near) for one in value]
        case dict():
            return {name: redacted(person, one, is_near=is_near) for name, one in value.items()}
        case _:
            return value


def _of_model(person: Person, model: type[models.Model]) -> Iterator[NamingText]:
    fields = [field for field in model._meta.concrete_fields if _holds_words(field)]
    if not fields:
        return
    names = [field.name for field in fields]
    account = NEAR.get(model)
    rows = model._base_manager.order_by().values_list("pk", *([account] if account else []), *names)
    for pk, *values in list(rows):  # whole, since the table is written while it is read
        is_near = bool(account) and values.pop(0) in person.account_ids
        changed: dict[str, Any] = {}
        for field, value in zip(fields, values, strict=True):
            without = redacted(person, value, is_near=is_near)
            if without != value:
                changed[field.name] = without[: field.max_length] if isinstance(without, str) and field.max_length else without
        if changed:
            yield NamingText(model, pk, changed)


def _holds_words(field: "models.Field[Any, Any]") -> bool:
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return is_text and not field.choices and not field.primary_key and field.name not in CODES
