"""Erasing a person at their request: out of every record, every text, the facts, the files and the audit.

In one transaction, or in two where there is much to look through: first the records about the person, then by a run whatever names them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.terms.names import folded
from openkam.app.audit.operations import erase_from_audit
from openkam.app.ledger.operations.erasure import erase_from_facts
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import (
    Contact,
    ContactPoint,
    CorrespondenceImport,
    ErasedAddress,
    Erasure,
    RetentionCase,
    StageChange,
)
from openkam.app.relationships.operations.erased_files import remove_letters, remove_waiting_mail, wipe_freed_space
from openkam.app.relationships.operations.erasure_list import block_addresses, erasures_file, keep_erasures, read_erasures
from openkam.app.relationships.operations.erasure_traces import empty_decision, empty_records, redact_texts, rename_contact
from openkam.app.relationships.operations.sealed import seal_words, unseal_words
from openkam.app.relationships.queries.audit_traces import judge_of, own_keys
from openkam.app.relationships.queries.erased_addresses import address_digest, name_digest
from openkam.app.relationships.queries.erasure_preview import is_quickly_looked_through
from openkam.app.relationships.queries.person_traces import Sought, hidden_in_words, known_person, person_sought, sought_words
from openkam.app.relationships.queries.texts_naming import GUARDED, texts_naming
from openkam.app.relationships.terms import ERASURE_KIND, CaseState, PointKind
from openkam.app.runs.operations import request_run

AGAIN = "Erased again after a restore"
Tell = Callable[[str, float | None], None]
"""Says what is being done and how much of it is (share)."""


@transaction.atomic
def erase_contact(*, actor: User, contact: Contact, reason: str, typed: str) -> Erasure:
    """Erase a person whose name was `typed` as it stands; what stays is a number, dates, lines and roles.

    Raises `PermissionDenied`, and `ValidationError` without a reason, for another name, for somebody erased already, and where an account
    that the actor does not see holds something of them: then only part of it would go.
    """
    _check(actor, contact, reason, typed)
    return _erase(actor, contact, reason)


@transaction.atomic
def request_erasure(*, actor: User, contact: Contact, reason: str, typed: str) -> Erasure:
    """Erase a person as `erase_contact` does; where that takes long, their records now and the rest by a run (`finish_erasure`).

    Between the two they stand as a number everywhere; texts of others, files, the ledger and the audit may still name them.
    """
    _check(actor, contact, reason, typed)
    if is_quickly_looked_through():
        return _erase(actor, contact, reason)
    made = _begin(actor, contact, reason)
    _request_run(actor, made)
    return made


@transaction.atomic
def request_unfinished() -> int:
    """Have every erasure finished whose run ended before it was done; returns how many were asked for."""
    left = [
        made for made in Erasure.objects.exclude(sealed_words="").select_related("run") if not (made.run and made.run.is_open)
    ]
    for made in left:
        _request_run(None, made)
    return len(left)


@transaction.atomic
def finish_erasure(*, erasure_id: int, tell: Tell) -> Mapping[str, int]:
    """Look through texts, files, ledger and audit for somebody whose records are empty, all of it or nothing; returns the counts.

    One that was finished before, by a worker that died right after, changes nothing. Raises `OpenKamError` where there is no such
    erasure, where the words cannot be read any more, or in the ledger's words.
    """
    made = Erasure.objects.select_for_update(of=("self",)).select_related("contact").filter(pk=erasure_id).first()
    if made is None:
        raise OpenKamError("There is no such erasure: its number may be of another workspace.")
    if not made.is_done:
        sought = Sought(**json.loads(unseal_words(made.sealed_words)))
        try:
            _finish(made.erased_by, made, sought, tell)
        except ValidationError as error:
            raise OpenKamError(" ".join(error.messages)) from error
    return made.counts["erased"]


def reapply_erasures(path: Path | None = None) -> int:
    """Erase again whoever a file of erasures names and this database still knows, as after a restore; returns how many.

    A contact is told by its key and the digest of its name, or by an address. Their addresses stay known either way. It needs the secret
    key that the file was written with. Raises `ValueError` for a file that is none of ours.
    """
    count = 0
    for line in read_erasures(path or erasures_file()):
        for contact in _meant_by(line):
            _erase(None, contact, AGAIN)
            count += 1
        block_addresses(line)
    return count


def _check(actor: User, contact: Contact, reason: str, typed: str) -> None:
    require(actor, Permission.ANSWER_RIGHTS)
    if not reason.strip():
        raise ValidationError({"reason": "Say why: that they asked, and when, is reason enough."})
    if folded(typed) != folded(contact.name):
        raise ValidationError({"typed": f"Type the name as it stands: {contact.name}."})
    if refusal := hidden_in_words(actor, known_person(contact)):
        raise ValidationError(refusal)


def _request_run(actor: User | None, made: Erasure) -> None:
    title = f"Erase contact {made.pk}"
    made.run = request_run(actor=actor, kind=ERASURE_KIND, title=title, parameters={"erasure_id": made.pk})
    made.save(update_fields=["run"])


@transaction.atomic
def _erase(actor: User | None, contact: Contact, reason: str) -> Erasure:
    made = _begin(actor, contact, reason)
    _finish(actor, made, Sought(**json.loads(unseal_words(made.sealed_words))), lambda step, share: None)
    contact.refresh_from_db()
    return made


def _begin(actor: User | None, contact: Contact, reason: str) -> Erasure:
    """Empty the records about the person and put a number in their place; the words to look for elsewhere stay sealed."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if locked.erased_at is not None:
        raise ValidationError("This person was erased already.")
    # An import on its way waits, or is done: after this none writes what it read before (`timeline_entries.store`).
    list(CorrespondenceImport.objects.filter(taken_in_at=None).select_for_update().values_list("pk", flat=True))
    sought = sought_words(locked)
    person = person_sought(locked, sought)
    keys = {kind: sorted(keys) for kind, keys in own_keys(person).items()}
    made = Erasure.objects.create(
        contact=locked,
        name_digest=name_digest(locked.name),
        reason=person.without(reason.strip(), is_near=True)[:500],
        erased_by=actor,
        sealed_words=seal_words(json.dumps(asdict(replace(sought, keys=keys)))),
    )
    addresses = [ErasedAddress(erasure=made, digest=address_digest(address)) for address in sorted(person.addresses)]
    ErasedAddress.objects.bulk_create(addresses, ignore_conflicts=True)
    counts = empty_records(person)
    rename_contact(locked, made.pk)
    RetentionCase.objects.filter(contact=locked).update(state=CaseState.ERASED, decided_by=actor, decided_at=locked.erased_at)
    made.counts = {"erased": counts, "refused": {}}
    made.save(update_fields=["counts"])
    transaction.on_commit(partial(keep_erasures, erasures_file()))
    return made


def _finish(actor: User | None, made: Erasure, sought: Sought, tell: Tell) -> None:
    person = person_sought(made.contact, sought)
    judge = judge_of(person, {kind: frozenset(keys) for kind, keys in sought.keys.items()})
    counts: dict[str, int] = made.counts["erased"]
    tell("Looking through the texts", 0.0)
    texts = list(texts_naming(person))  # only now: what was emptied as a whole has no words left to be put back
    guarded = [text for text in texts if text.model in GUARDED]
    counts["texts"], refused = redact_texts(text for text in texts if text.model not in GUARDED)
    tell("Looking through letters, files and the ledger", 0.4)
    counts["letters that wait"] = remove_letters(person)
    try:
        facts = erase_from_facts(actor=actor, redact=person.without)
    except RefusedError as error:
        raise ValidationError(f"Nothing of this was done, since the ledger could not be written: {error}") from error
    counts["rows of the ledger"] = facts.rows + facts.rejected_rows
    counts["files that wait"] = facts.files + remove_waiting_mail(person)
    tell("Looking through the audit", 0.7)
    told: dict[str, object] = {"erasure": made.pk, **counts}
    _, counts["entries of the audit"] = erase_from_audit(
        actor=actor, record=made.contact, before={}, after=told, reason=made.reason, judge=judge
    )
    # Decisions about stages and closed rounds open to an erasure only right behind its entry in the audit.
    stages = [text.pk for text in guarded if text.model is StageChange]
    for decision in stages:
        empty_decision(person, decision)
    of_rounds, closed = redact_texts(text for text in guarded if text.model is not StageChange)
    counts["texts"] += len(stages) + of_rounds
    refused |= closed
    made.counts, made.sealed_words = {"erased": counts, "refused": refused}, ""
    made.save(update_fields=["counts", "sealed_words"])
    transaction.on_commit(wipe_freed_space)


def _meant_by(line: Mapping[str, Any]) -> list[Contact]:
    """Who of this database a line means: nobody who was added after it, with whatever address they came."""
    before = Contact.objects.filter(erased_at=None, created_at__lt=datetime.fromisoformat(line["erased_at"]))
    known = [one for one in before.filter(pk=line["contact"]) if name_digest(one.name) == line["name"]]
    digests = frozenset(line["addresses"])
    points = ContactPoint.objects.filter(kind=PointKind.MAIL, contact__in=before.order_by()).select_related("contact")
    known += [point.contact for point in points if address_digest(point.value) in digests]
    return list({one.pk: one for one in known}.values())
