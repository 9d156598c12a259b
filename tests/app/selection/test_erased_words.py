"""A closed round may lose words to an erasure, right behind its entry in the audit, and nothing else: the database says so."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.rights import plant_closed_round
from tests.factories.small_company import SmallCompany, small_company

from openkam.app.audit.models import ERASING_VERB
from openkam.app.audit.operations.record import record_write
from openkam.app.selection.migrations._guards import KEPT, LISTS, TEXTS
from openkam.app.selection.models import Decision, Round, Scenario

pytestmark = pytest.mark.django_db
MODELS = {model._meta.db_table: model for model in (Round, Scenario, Decision)}
MARK = "[erased]"


@pytest.fixture
def firm(db: None) -> SmallCompany:
    found = small_company()
    plant_closed_round(found)
    return found


def warranted(firm: SmallCompany) -> None:
    record_write(actor=firm.head, verb=ERASING_VERB, record=firm.own, before={}, after={"erasure": 1}, reason="They asked")


def changed(table: str, **values: object) -> int:
    with transaction.atomic():
        return MODELS[table].objects.update(**values)


def lost(text: str) -> str:
    return text.replace("Quistgård", MARK).replace("Zdenka", MARK)


def test_every_column_is_kept_or_holds_words():
    for table, model in MODELS.items():
        columns = {field.column for field in model._meta.concrete_fields}
        assert columns == {*KEPT[table], *TEXTS[table], *LISTS[table]}


@pytest.mark.parametrize("table", MODELS)
def test_words_go_right_behind_an_erasure_and_only_then(firm: SmallCompany, table: str):
    row = MODELS[table].objects.get()
    values = {name: lost(getattr(row, name)) for name in TEXTS[table]}
    values |= {name: [lost(note) for note in getattr(row, name)] for name in LISTS[table]}
    assert MARK in str(values)
    with pytest.raises(IntegrityError, match="closed"):
        changed(table, **values)
    warranted(firm)
    assert changed(table, **values) == 1
    assert {name: getattr(MODELS[table].objects.get(), name) for name in values} == values
    back = {name: getattr(row, name) for name in values}
    with pytest.raises(IntegrityError, match="closed"):
        changed(table, **back)
    record_write(actor=firm.head, verb="changed", record=firm.own, before={}, after={"name": "b"}, reason="")
    with pytest.raises(IntegrityError, match="closed"):
        changed(table, **{TEXTS[table][0]: MARK})


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in MODELS for column in TEXTS[table]])
@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: text.replace("Quistgård", "Somebody").replace("Zdenka", "Somebody"),
        lambda text: f"{lost(text)} and more",
        lambda text: lost(text).replace("a", "A", 1),
        lambda text: lost(text).replace("*", "x").replace("V", "v").replace("A", "b").replace("I", "i"),
        lambda text: "",
        lambda text: "\x01",
        lambda text: f"{lost(text)}\x01",
    ],
)
def test_other_words_are_refused_even_then(firm: SmallCompany, table: str, column: str, rewritten: Callable[[str], str]):
    text = rewritten(getattr(MODELS[table].objects.get(), column))
    warranted(firm)
    with pytest.raises(IntegrityError, match="closed"):
        changed(table, **{column: text})


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in MODELS for column in KEPT[table] if column != "id"])
def test_nothing_else_changes_even_then(firm: SmallCompany, table: str, column: str):
    row = MODELS[table].objects.get()
    field = next(field for field in row._meta.concrete_fields if field.column == column)
    now: object = getattr(row, column)
    other: dict[str, object] = {
        "status": "open", "illustrative": ["prices"], "criteria": [1], "limits": [1], "choice": "approve", "closed_by_id": None,
        "closed_at": None, "in_key": True, "tier": "strategic", "price_percent": 1.0, "valid_until": date(2030, 1, 1),
        "opened_by_id": firm.manager.pk, "made_by_id": firm.manager.pk, "decided_by_id": firm.manager.pk, "account_id": firm.foreign.pk,
        "round_id": None, "run_id": 1, "explanation_run_id": 1, "robustness_run_id": 1,
    }  # fmt: skip
    if column in other:
        value = other[column]
    elif isinstance(now, bool):
        value = not now
    elif isinstance(now, int | float):
        value = now + 1
    elif isinstance(now, str):
        value = f"{now}x"[: getattr(field, "max_length", None) or None]
        value = value if value != now else "x"
    else:
        value = date(2030, 1, 1) if field.get_internal_type() == "DateField" else datetime(2030, 1, 1, tzinfo=UTC)
    warranted(firm)
    with pytest.raises(IntegrityError, match="closed"):
        changed(table, **{column: value})
    assert getattr(MODELS[table].objects.get(), column) == now


def test_nothing_is_removed_even_then(firm: SmallCompany):
    warranted(firm)
    for table in MODELS:
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(IntegrityError, match="closed"):
        changed("selection_round", notes=[])


def test_a_long_programme_keeps_nobody_from_losing_a_word_beside_it(firm: SmallCompany):
    made = Round.objects.get()
    made.pk, made.name, made.status, made.closed_at, made.closed_by = None, "With Zdenka", "open", None, None
    made.programme = "# " + "0123456789" * 10_000
    made.save()
    Round.objects.filter(pk=made.pk).update(status="closed", closed_at=made.opened_at, closed_by=firm.head)
    warranted(firm)
    assert Round.objects.filter(pk=made.pk).update(name=f"With {MARK}", programme=made.programme) == 1
