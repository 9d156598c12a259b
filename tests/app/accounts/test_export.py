"""A list as a file: every row, the count stated, nothing that a spreadsheet could run."""

import csv
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.factories import accounts as make
from tests.factories.people import user

from openkam.app.accounts.operations.card import record_fact
from openkam.app.accounts.operations.export import ExportFormat, export_accounts, without_formula
from openkam.app.accounts.queries.columns import chosen, columns
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.card import FactField
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def rows(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_formula_becomes_text(text):
    assert without_formula(text) == f"'{text}"
    assert without_formula("Tailspin = Toys") == "Tailspin = Toys"


def test_every_matching_row_is_there_and_counted(signed_in):
    admin = user(Role.ADMINISTRATOR)
    for number in range(30):
        make.account(f"Shop {number:02d}", actor=admin)
    make.account("Other", actor=admin)

    response = signed_in(admin).post(reverse("accounts:export") + "?name=shop&sort=-name&columns=kind", {"format": "csv"})

    found = rows(response)
    assert found[0] == ["Name", "Kind"]
    assert [row[0] for row in found[1:]] == [f"Shop {number:02d}" for number in range(29, -1, -1)]
    assert response["X-Row-Count"] == "30"
    assert "accounts-30-rows.csv" in response["Content-Disposition"]
    assert history_of(admin, admin)[0].after["rows"] == 30


def test_formulas_in_any_text_are_disarmed(signed_in):
    admin = user(Role.ADMINISTRATOR, name="=HYPERLINK(1)")
    account = make.account("=cmd|' /C calc'!A0", actor=admin, manager=admin, tags=[make.tag("+tag")])
    record_fact(actor=admin, account=account, field=FactField.LEGAL_NAME, value="@legal", source="s", as_of_on=make.SOME_DAY)
    asked = "?columns=legal_name&columns=manager&columns=tags"

    cells = rows(signed_in(admin).post(reverse("accounts:export") + asked, {"format": "csv"}))[1]
    book = openpyxl.load_workbook(
        io.BytesIO(signed_in(admin).post(reverse("accounts:export") + asked, {"format": "xlsx"}).content)
    )

    assert cells == ["'=cmd|' /C calc'!A0", "'@legal", "'=HYPERLINK(1)", "'+tag"]
    assert [cell.data_type for cell in book.active[2]] == ["s"] * 4
    assert book.active["A2"].value == "=cmd|' /C calc'!A0"


def test_numbers_and_days_stay_numbers_and_days():
    admin = user(Role.ADMINISTRATOR)
    account = make.account("A", actor=admin)
    record_fact(actor=admin, account=account, field=FactField.EMPLOYEES, value="5", source="s", as_of_on=make.SOME_DAY)
    shown = chosen(["employees", "created_at"], columns([]))

    file = export_accounts(actor=admin, accounts=visible_accounts(admin), shown=shown, file_format=ExportFormat.XLSX)

    row = openpyxl.load_workbook(io.BytesIO(file.content)).active[2]
    assert row[1].value == 5
    assert row[2].is_date


def test_a_colleagues_account_is_not_exported(signed_in):
    manager = user(Role.MANAGER)
    make.account("Own", manager=manager)
    hidden = make.account("Hidden")

    client = signed_in(manager)
    for asked in ("", "?name=hidden", f"?manager={hidden.pk}", "?children=on&name=h"):
        assert b"Hidden" not in client.post(reverse("accounts:export") + asked, {"format": "csv"}).content


def test_who_may_not_export_takes_nothing(signed_in):
    reader = user(Role.READ_ONLY)

    assert signed_in(reader).post(reverse("accounts:export"), {"format": "csv"}).status_code == 403
    with pytest.raises(PermissionDenied):
        export_accounts(actor=reader, accounts=visible_accounts(reader), shown=(), file_format=ExportFormat.CSV)
    assert signed_in(user(Role.ADMINISTRATOR)).post(reverse("accounts:export"), {"format": "exe"}).status_code == 400
