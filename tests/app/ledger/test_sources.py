"""Sources and templates: made, changed, removed, restored."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.site_imports import MESSY, SOUND, draft, imported, source

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import restore_value
from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations.mapping import use_template
from openkam.app.ledger.operations.sources import SourceValues, change_source, keep_mapping_of, remove_source
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_source_is_made_changed_and_removed_in_the_audit(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    sent = {"name": "uk-shop", "business_unit": "UK", "system": "SAP", "default_currency": "gbp", "note": "daily"}
    assert client.post(reverse("ledger:source-create"), sent).url == reverse("ledger:sources")
    made = Source.objects.get()
    assert made.default_currency == "GBP"
    url = reverse("ledger:source-edit", args=[made.pk])
    assert client.post(url, {**sent, "system": "Shop"}).status_code == 302
    changed = Entry.objects.get(verb="changed source")
    assert (changed.before, changed.after) == (
        {"system": "SAP"},
        {"system": "Shop"},
    )
    restore_value(actor=analyst, entry=changed, field="system")
    made.refresh_from_db()
    assert made.system == "SAP"
    assert client.post(reverse("ledger:source-remove", args=[made.pk])).status_code == 302
    assert not Source.objects.exists()
    assert Entry.objects.filter(verb="removed source", actor=analyst).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"name": ""}, "required"), ({"name": "UK-SHOP"}, "of this name already"), ({"default_currency": "€"}, "three letters")],
)
def test_a_wrong_source_is_told(signed_in: SignIn, analyst: User, changed: dict[str, str], words: str) -> None:
    source(name="uk-shop")
    answer = signed_in(analyst).post(reverse("ledger:source-create"), {"name": "other", "pk": "1", **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert Source.objects.count() == 1


def test_a_name_that_rows_carry_stays(analyst: User, signed_in: SignIn) -> None:
    made = imported(analyst, SOUND).source
    with pytest.raises(RefusedError, match="history keeps its names"):
        change_source(actor=analyst, source=made, values=SourceValues("renamed"))
    with pytest.raises(RefusedError, match="it stays"):
        remove_source(actor=analyst, source=made)
    client = signed_in(analyst)
    answer = client.post(reverse("ledger:source-edit", args=[made.pk]), {"name": "renamed"})
    assert (answer.status_code, "history keeps its names" in answer.text) == (422, True)
    assert client.post(reverse("ledger:source-remove", args=[made.pk])).url == reverse("ledger:source-edit", args=[made.pk])
    change_source(actor=analyst, source=made, values=SourceValues(made.name, note="kept"))


def test_a_source_with_an_import_on_its_way_stays(analyst: User) -> None:
    made = draft(analyst).source
    with pytest.raises(RefusedError, match="discard it first"):
        remove_source(actor=analyst, source=made)


def test_a_mapping_is_kept_and_used_for_the_next_file(signed_in: SignIn, analyst: User) -> None:
    first = draft(analyst, MESSY)
    client = signed_in(analyst)
    keep = reverse("ledger:import-keep-template", args=[first.pk])
    assert client.post(keep, {"name": ""}).status_code == 302
    assert not MappingTemplate.objects.exists()
    client.post(keep, {"name": "weekly"})
    client.post(keep, {"name": "Weekly"})
    kept = MappingTemplate.objects.get()
    assert (kept.table, kept.source, kept.mapping) == ("transactions", first.source, first.mapping)
    second = draft(analyst, SOUND, source=first.source)
    ImportDraft.objects.filter(pk=second.pk).update(mapping="")
    client.post(reverse("ledger:import-use-template", args=[second.pk]), {"template": kept.pk})
    second.refresh_from_db()
    assert second.mapping == kept.mapping
    assert client.get(reverse("ledger:import-start")).context["form"].fields["template"].queryset.count() == 1


def test_a_template_of_another_table_or_source_does_not_fit(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, SOUND)
    other = MappingTemplate.objects.create(name="x", source=made.source, table="customers", mapping='table = "customers"\n')
    client = signed_in(analyst)
    assert client.post(reverse("ledger:import-use-template", args=[made.pk]), {"template": other.pk}).status_code == 404
    with pytest.raises(RefusedError, match="is for customers"):
        use_template(actor=analyst, draft=made, template=other)
    sent = {"source": made.source_id, "table": "transactions", "template": other.pk}
    assert "This template is for customers" in client.post(reverse("ledger:import-start"), sent).text


def test_a_template_is_written_checked_and_removed(signed_in: SignIn, analyst: User) -> None:
    shop = source()
    client = signed_in(analyst)
    url = reverse("ledger:template-create")
    wrong = client.post(url, {"name": "t", "source": shop.pk, "mapping": 'table = "nothing"'})
    assert (wrong.status_code, "must name one of" in wrong.text) == (422, True)
    assert client.post(url, {"name": "t", "source": shop.pk, "mapping": 'table = "customers"'}).status_code == 302
    kept = MappingTemplate.objects.get()
    edit = reverse("ledger:template-edit", args=[kept.pk])
    assert client.post(edit, {"name": "u", "source": shop.pk, "mapping": 'table = "products"'}).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.table) == ("u", "products")
    client.post(reverse("ledger:template-remove", args=[kept.pk]))
    assert not MappingTemplate.objects.exists()


def test_a_kept_mapping_of_the_same_name_is_replaced(analyst: User) -> None:
    made = draft(analyst, SOUND)
    first = keep_mapping_of(actor=analyst, draft=made, name="a")
    assert keep_mapping_of(actor=analyst, draft=made, name="A").pk == first.pk


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_a_fixed_number_of_times(
    signed_in: SignIn, analyst: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        shop = source()
        made = imported(analyst, MESSY.replace(b"A1", f"B{number}".encode()), source=shop)
        draft(analyst, SOUND, source=shop)
        keep_mapping_of(actor=analyst, draft=made, name="kept")
    client = signed_in(analyst)
    for name, queries in QUERIES.items():
        url = reverse(f"ledger:{name}")
        client.get(url)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


QUERIES = {"sources": 5, "templates": 4, "batches": 2, "rejects": 2, "versions": 2, "verify": 2}
"""Two of each are session and person."""


def test_sources_that_only_the_command_knows_are_listed(signed_in: SignIn, analyst: User) -> None:
    made = imported(analyst, SOUND, source=source(name="legacy"))
    ImportDraft.objects.filter(pk=made.pk).update(source=source(name="other"))
    Source.objects.filter(name="legacy").delete()
    shown = signed_in(analyst).get(reverse("ledger:sources"))
    assert [(line.name, line.source is None) for line in shown.context["lines"]] == [("legacy", True), ("other", False)]
    assert "by command" in shown.text
