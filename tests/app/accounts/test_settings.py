"""The firm's own fields, and lists that are kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from tests.factories import accounts as make
from tests.factories.people import user

from openkam.app.accounts.models import CustomField, CustomValue, SavedView
from openkam.app.accounts.operations.custom_fields import (
    archive_custom_field,
    change_custom_field,
    define_custom_field,
    reopen_custom_field,
)
from openkam.app.accounts.operations.custom_values import set_custom_values
from openkam.app.accounts.operations.saved_views import remove_view, save_view
from openkam.app.accounts.queries.custom_fields import custom_fields_of, defined_fields
from openkam.app.accounts.queries.saved_views import saved_views
from openkam.app.accounts.terms.account import CustomType, Kind
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db

VALUES = {
    CustomType.TEXT: ("words", "words", "words"),
    CustomType.NUMBER: (Decimal("1250.5"), "1,250.5", "1250.5"),
    CustomType.DAY: (date(2016, 5, 31), "2016-05-31", "2016-05-31"),
    CustomType.CHOICE: ("gold", "gold", "gold"),
    CustomType.FLAG: (False, "No", "no"),
    CustomType.MONEY: ((Decimal("99.90"), "eur"), "99.9 EUR", "99.90 eur"),
}


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR)


def define(admin, type_=CustomType.TEXT, name="Class", **fields):
    choices = ["gold", "silver"] if type_ == CustomType.CHOICE else []
    return define_custom_field(actor=admin, name=name, type=type_, **{"choices": choices, **fields})


@pytest.mark.parametrize("type_", list(CustomType))
def test_a_value_of_every_type_is_kept_shown_and_recorded(admin, type_):
    field, account = define(admin, type_), make.account()
    given, words, _ = VALUES[type_]

    set_custom_values(actor=admin, account=account, values={field: given})
    set_custom_values(actor=admin, account=account, values={field: given})

    assert CustomValue.objects.select_related("field").get().in_words == words
    assert history_of(admin, account)[0].after == {"Class": words}
    assert len(history_of(admin, account)) == 2
    set_custom_values(actor=admin, account=account, values={field: None})
    assert not CustomValue.objects.exists()
    assert history_of(admin, account)[0].before == {"Class": words}


@pytest.mark.parametrize("type_", list(CustomType))
def test_a_value_of_every_type_goes_through_the_pages(admin, type_, signed_in):
    field, client = define(admin, type_, help_text="Why"), signed_in(admin)
    _, words, typed = VALUES[type_]

    response = client.post(
        reverse("accounts:create"), {"name": "Toys", "kind": "customer", f"custom-{field.pk}": typed}, follow=True
    )

    assert words in response.content.decode()
    pk = response.context["account"].pk
    edited = client.get(reverse("accounts:edit", args=[pk]))
    assert edited.context["form"].initial[f"custom-{field.pk}"] is not None
    listed = client.get(f"{reverse('accounts:list')}?columns=custom-{field.pk}").content.decode()
    assert words in listed
    assert f'name="custom-{field.pk}"' not in listed


@pytest.mark.parametrize(
    ("type_", "wrong"),
    [(CustomType.CHOICE, "tin"), (CustomType.NUMBER, "5"), (CustomType.MONEY, (Decimal(5), "E")), (CustomType.DAY, True)],
)
def test_a_value_of_another_type_is_refused(admin, type_, wrong):
    with pytest.raises(ValidationError):
        set_custom_values(actor=admin, account=make.account(), values={define(admin, type_): wrong})


def test_only_the_kinds_named_have_a_field(admin, signed_in):
    field = define(admin, kinds=[Kind.SUPPLIER])

    assert custom_fields_of(Kind.CUSTOMER) == []
    assert custom_fields_of(Kind.SUPPLIER) == [field]
    sent = {"name": "A", "kind": "customer", f"custom-{field.pk}": "x"}
    assert signed_in(admin).post(reverse("accounts:create"), sent).status_code == 422


def test_an_archived_field_keeps_its_values(admin):
    field, account = define(admin), make.account()
    set_custom_values(actor=admin, account=account, values={field: "x"})

    archive_custom_field(actor=admin, field=field)
    assert custom_fields_of(Kind.CUSTOMER) == []
    assert defined_fields().get().value_count == 1
    reopen_custom_field(actor=admin, field=field)
    assert custom_fields_of(Kind.CUSTOMER) == [field]


def test_a_choice_in_use_does_not_disappear(admin):
    field = define(admin, CustomType.CHOICE)
    set_custom_values(actor=admin, account=make.account(), values={field: "gold"})

    with pytest.raises(ValidationError, match="gold"):
        change_custom_field(actor=admin, field=field, name="Class", choices=["silver"])
    field.refresh_from_db()
    assert field.choices == ["gold", "silver"]
    assert change_custom_field(actor=admin, field=field, name="Grade", choices=["gold"]).name == "Grade"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [(CustomType.CHOICE, {"choices": []}), (CustomType.TEXT, {"choices": ["a"]}), (CustomType.TEXT, {"name": ""})],
)
def test_a_field_that_makes_no_sense_is_refused(admin, type_, fields):
    with pytest.raises(ValidationError):
        define(admin, type_, **fields)
    assert not CustomField.objects.exists()


def test_the_settings_pages_define_change_and_archive(admin, signed_in):
    client = signed_in(admin)
    client.post(reverse("accounts:define_custom_field"), {"name": "Class", "type": "choice", "choices": "a, b", "position": 1})
    field = CustomField.objects.get()
    client.post(reverse("accounts:change_custom_field", args=[field.pk]), {"name": "Grade", "choices": "a, b, c", "position": 2})
    client.post(reverse("accounts:archive_custom_field", args=[field.pk]))

    page = client.get(reverse("accounts:custom_fields")).content.decode()
    assert "Grade" in page
    assert "archived" in page
    client.post(reverse("accounts:archive_custom_field", args=[field.pk]), {"reopen": "1"})
    field.refresh_from_db()
    assert (field.choices, field.archived_at) == (["a", "b", "c"], None)
    twice = client.post(reverse("accounts:define_custom_field"), {"name": "Grade", "type": "text", "position": 0})
    assert twice.status_code == 422
    assert client.get(reverse("accounts:change_custom_field", args=[999])).status_code == 404


def test_who_may_not_change_settings_defines_nothing(signed_in):
    manager = user(Role.MANAGER)

    with pytest.raises(PermissionDenied):
        define(manager)
    for name, args in (("custom_fields", []), ("define_custom_field", []), ("change_custom_field", [1])):
        assert signed_in(manager).get(reverse(f"accounts:{name}", args=args)).status_code == 403
    assert signed_in(manager).post(reverse("accounts:archive_custom_field", args=[1])).status_code == 403


def test_a_list_is_kept_and_opens_as_it_was(admin, signed_in):
    make.account("Tailspin Toys", kind=Kind.PROSPECT)
    make.account("Contoso")
    client = signed_in(admin)
    address = "name=tails&kind=prospect&columns=kind&sort=-name&page=3&evil=1"

    response = client.post(
        reverse("accounts:save_view"), {"name": "Hot", "is_default": "on", "is_shared": "on", "query": address}, follow=True
    )

    view = SavedView.objects.get()
    assert view.filters == {"name": ["tails"], "kind": ["prospect"]}
    assert (view.columns, view.sort, view.owner) == (["kind"], "-name", admin)
    for page in (response, client.get(reverse("accounts:list"))):
        assert "Tailspin Toys" in page.content.decode()
        assert "Contoso" not in page.content.decode()
    assert "Contoso" in client.get(reverse("accounts:list") + "?view=all").content.decode()


def test_one_list_opens_first(admin):
    save = {"actor": admin, "filters": {}, "columns": [], "is_default": True}
    save_view(name="One", **save)
    save_view(name="Two", **save)
    save_view(name="Two", **save)

    assert [view.name for view in SavedView.objects.filter(is_default=True)] == ["Two"]
    with pytest.raises(ValidationError):
        save_view(name=" ", **save)


def test_lists_of_others_are_seen_when_shared_and_never_removed(admin, signed_in):
    private = save_view(actor=admin, name="Private", filters={}, columns=[])
    shared = save_view(actor=admin, name="Shared", filters={}, columns=[], is_shared=True)
    manager = user(Role.MANAGER)
    make.account("Hidden")

    assert saved_views(manager) == [shared]
    page = signed_in(manager).get(f"{reverse('accounts:list')}?view={shared.pk}").content.decode()
    assert "Hidden" not in page
    assert "Private" not in signed_in(manager).get(f"{reverse('accounts:list')}?view={private.pk}").content.decode()
    assert signed_in(manager).post(reverse("accounts:remove_view", args=[shared.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        remove_view(actor=manager, view=shared)
    signed_in(admin).post(reverse("accounts:remove_view", args=[shared.pk]))
    assert list(SavedView.objects.all()) == [private]


def test_who_may_only_read_keeps_lists_of_their_own():
    reader = user(Role.READ_ONLY)

    assert save_view(actor=reader, name="Mine", filters={}, columns=[]).owner == reader
    with pytest.raises(PermissionDenied):
        save_view(actor=reader, name="Ours", filters={}, columns=[], is_shared=True)
