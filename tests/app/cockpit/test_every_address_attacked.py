"""Every address of the site, attacked: forged forms, forged fields, forged ways on, forged filters, and headers on each answer."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from tests.app.cockpit.test_every_address import addresses, filled
from tests.factories.people import user
from tests.factories.site_imports import as_sent, imported
from tests.factories.small_company import SmallCompany

from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft
from openkam.app.people.models import Team, User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact, Employment
from openkam.app.runs.models import Run
from openkam.app.selection.models import Candidate, Decision, Round

UNSAFE = ("post", "put", "patch", "delete")
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PARTS_OF_POLICY = ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'")
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "javascript:alert(1)")
WAYS_ON = ("next", "redirect_to", "return", "return_url", "url", "back", "address")
FORGED = {
    "id": "999999", "pk": "999999", "role": "administrator", "scope": "all", "is_active": "on", "is_staff": "on",
    "is_superuser": "on", "password": "forged", "joined_at": "2000-01-01", "reports_to_id": "1", "created_by": "1",
    "created_by_id": "1", "created_at": "2000-01-01", "deleted_at": "2000-01-01", "deleted_by": "1", "owner": "1", "owner_id": "1",
    "manager_id": "1", "actor": "1", "actor_id": "1", "requested_by": "1", "decided_by": "1", "begun_by": "1", "opened_by": "1",
    "status": "closed", "batch_id": "forged", "user": "1", "user_id": "1", "is_shared": "on",
}  # fmt: skip
"""What nobody is asked for, with values that would give the sender more."""
FILTERS = (
    "q", "name", "sort", "order_by", "page", "per_page", "columns", "view", "status", "kind", "manager", "team", "tag", "parent",
    "record", "actor", "record_type", "verb", "since", "until", "batch", "source", "table", "state", "reason", "column", "file",
    "scenario", "with", "role", "text", "rows", "country", "industry", "accounts", "number",
    "manager__password", "manager__password__startswith", "shared_with__password__regex", "id__in",
)  # fmt: skip
INJECTIONS = (
    "' OR 1=1 --",
    '"; DROP TABLE people_user; --',
    "-manager__password",
    "manager__password__startswith",
    "%",
    "\x00",
    "９" * 30,
    "-1",
    "999999999999999999999999",
    "\ud800",
    "a" * 5000,
    "(a+)+$",
)


def sign_in_again(client: Client, person: User) -> None:
    """Sign a person in where an address signed them out: done before each request, it would cost as much as a light page."""
    if client.session.get(SESSION_KEY) != str(person.pk):
        client.force_login(person)


def reads_what_was_sent(answer: HttpResponse) -> bool:
    """Whether the address looked at the query, the fields or the body at all, as Django keeps each from the first look on."""
    request = answer.wsgi_request
    return "GET" in vars(request) or hasattr(request, "_post") or hasattr(request, "_body")


def every_path(known: dict[str, dict[str, object]]) -> Iterator[tuple[str, str]]:
    for name, arguments in addresses():
        yield name, filled(name, arguments, known)


@pytest.mark.any_database
def test_no_form_of_another_site_is_taken(firm: SmallCompany, foreign: dict[str, dict[str, object]]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(firm.administrator)
    before = Entry.objects.count()
    taken = [
        f"{method} {path}: {answer.status_code}"
        for _, path in every_path(foreign)
        for method in UNSAFE
        if (answer := getattr(client, method)(path, {"name": "forged"}, HTTP_ORIGIN="https://evil.example")).status_code != 403
    ]
    assert taken == []
    assert Entry.objects.count() == before


@pytest.mark.any_database
@pytest.mark.parametrize("is_known", [True, False])
def test_headers_protect_every_answer(
    firm: SmallCompany,
    foreign: dict[str, dict[str, object]],
    is_known: bool,
) -> None:
    client = Client(raise_request_exception=False)
    lacking: list[str] = []
    for path in [*(path for _, path in every_path(foreign)), "/no/such/page/", "/static/no-such-file.css"]:
        for method in ("get", "head", "post", "options"):
            if is_known:
                sign_in_again(client, firm.administrator)
            answer: HttpResponse = getattr(client, method)(path)
            lacking += [f"{method} {path}: {name}" for name, value in HEADERS.items() if answer.headers.get(name) != value]
            policy = answer.headers.get("Content-Security-Policy", "")
            lacking += [f"{method} {path}: {part}" for part in PARTS_OF_POLICY if part not in policy]
            lacking += [f"{method} {path}: names its server" for name in ("Server", "X-Powered-By") if name in answer.headers]
    assert lacking == []


@pytest.mark.any_database
@pytest.mark.parametrize("is_known", [True, False])
def test_no_address_leads_off_the_site(
    firm: SmallCompany,
    foreign: dict[str, dict[str, object]],
    is_known: bool,
) -> None:
    """The first way on is tried everywhere, the others where it was read or something led on: elsewhere they change nothing."""
    client, leaving = Client(), []
    asked = [(method, name, path) for name, path in every_path(foreign) for method in ("get", "post")]
    for number, elsewhere in enumerate(ELSEWHERE):
        heard = []
        for method, name, path in asked:
            if is_known:
                sign_in_again(client, firm.administrator)
            sent = dict.fromkeys(WAYS_ON, elsewhere)
            answer = getattr(client, method)(path, sent, HTTP_REFERER="https://evil.example/")
            led = [answer.headers.get(header, "") for header in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url")]
            bad = [to for to in led if to and not (to.startswith("/") and not to.startswith(("//", "/\\")))]
            leaving += [f"{method} {name} leads to {to}" for to in bad if not to.startswith("http://testserver/")]
            if any(led) or reads_what_was_sent(answer):
                heard.append((method, name, path))
        asked = asked if number else heard
    assert len(asked) >= 20
    assert leaving == []


def rights() -> list[tuple[object, ...]]:
    return list(
        User.objects.order_by("pk").values_list("pk", "role", "scope", "is_active", "password", "reports_to", "joined_at")
    )


@pytest.mark.parametrize("role", [Role.MANAGER, Role.TEAM_MEMBER, Role.ANALYST, Role.HEAD])
def test_fields_that_nobody_is_asked_for_are_not_read(
    firm: SmallCompany,
    foreign: dict[str, dict[str, object]],
    role: Role,
) -> None:
    """Each form of a person's own pages is sent as it stands, with fields beside it that would give more."""
    person = firm.manager if role == Role.MANAGER else user(role)
    mine = foreign | {
        "accounts": foreign["accounts"] | {"pk": firm.own.pk},
        "cockpit": {"pk": firm.own.pk},
        "people": foreign["people"] | {"pk": person.pk},
    }
    before, entries = rights(), Entry.objects.count()
    authors = dict(Account.objects.values_list("pk", "created_by"))
    born = dict(Account.objects.values_list("pk", "created_at"))
    teams = set(Team.objects.values_list("pk", flat=True))
    runs = set(Run.objects.values_list("pk", flat=True))
    client = Client()
    sent_count = 0
    for name, path in every_path(mine):
        client.force_login(person)
        if name == "people:welcome" or path.startswith("/sign-in/"):
            continue
        context = client.get(path).context
        form = context.get("form") if context else None
        fields = as_sent(form) if form is not None and hasattr(form, "fields") else {}
        extra = {key: value for key, value in FORGED.items() if key not in getattr(form, "fields", {})}
        client.force_login(person)
        answer = client.post(path, fields | extra)
        assert answer.status_code < 500, (name, answer.status_code)
        sent_count += answer.status_code in (200, 302)
    assert sent_count >= 4  # what a team member may send
    assert rights() == before
    assert {pk: by for pk, by in Account.objects.values_list("pk", "created_by") if pk in authors} == authors
    assert {pk: at for pk, at in Account.objects.values_list("pk", "created_at") if pk in born} == born
    assert set(Account.objects.exclude(pk__in=authors).values_list("created_by", flat=True)) <= {person.pk}
    assert set(Team.objects.values_list("pk", flat=True)) == teams
    assert set(Entry.objects.order_by("pk")[entries:].values_list("actor", flat=True)) <= {person.pk, None}
    assert set(Run.objects.exclude(pk__in=runs).order_by().values_list("requested_by", flat=True)) <= {person.pk}
    assert not Decision.objects.exclude(decided_by=person).exists()
    assert not ImportDraft.objects.filter(batch_id="forged").exists()
    assert not Round.objects.exclude(opened_by=firm.head).exists()


@pytest.mark.parametrize("who", ["administrator", "manager"])
def test_filters_and_orders_are_no_way_to_the_database(
    firm: SmallCompany,
    foreign: dict[str, dict[str, object]],
    who: str,
) -> None:
    """The first injection is tried everywhere, the others where the query was read: what is not read changes nothing."""
    firm.colleague.set_password("quiet ledger, warm paper")
    firm.colleague.save()
    person: User = getattr(firm, who)
    client = Client()
    faults: list[str] = []
    asked = [(name, path) for name, path in every_path(foreign) if not path.startswith("/sign-in/")]
    for number, injected in enumerate(INJECTIONS):
        heard = []
        sent = dict.fromkeys(FILTERS, injected.encode("utf-8", "surrogatepass"))
        for name, path in asked:
            sign_in_again(client, person)
            answer = client.get(path, sent)
            text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            if answer.status_code >= 500 and name != "ready":
                faults.append(f"{path} with injection {number}: {answer.status_code}")
            if firm.colleague.password in text or (person == firm.manager and "Unseen Bay" in text):
                faults.append(f"{path} with injection {number} leaks")
            if reads_what_was_sent(answer):
                heard.append((name, path))
        asked = asked if number else heard
    assert faults == []
    assert len(asked) >= 20
    assert User.objects.filter(pk=firm.colleague.pk).exists()


FORMULAS = ("=HYPERLINK(1)", "+1+1", "-1-1", "@SUM(1)")
BAD_SALES = "Invoice,Customer ID,Invoice Date,Quantity,Net Sales,Currency\n" + "".join(
    f"A{number},{formula},2025-03-31,many,10.50,EUR\n" for number, formula in enumerate(FORMULAS)
)


@pytest.mark.django_db(transaction=True)
def test_no_cell_of_any_export_is_a_formula(firm: SmallCompany, foreign: dict[str, dict[str, object]]) -> None:
    for formula, account in zip(FORMULAS, Account.objects.order_by("-pk"), strict=False):
        Account.objects.filter(pk=account.pk).update(name=formula)
        record_write(actor=firm.head, verb=formula, record=firm.own, before={}, after={"name": formula}, reason=formula)
    Candidate.objects.update(name=FORMULAS[0], manager_name=FORMULAS[3], region=FORMULAS[1])
    Contact.objects.update(name=FORMULAS[0], sort_name=FORMULAS[0])
    Employment.objects.update(job_title=FORMULAS[1])
    imported(firm.administrator, BAD_SALES)
    client, found, formulas = Client(), set[str](), []
    for name, path in every_path(foreign):
        for method in ("get", "post"):
            client.force_login(firm.administrator)
            answer = getattr(client, method)(path, {"format": "csv"})
            if "attachment" in answer.headers.get("Content-Disposition", "") and "csv" in answer.headers["Content-Type"]:
                text = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8-sig")
                found.add(name)
                cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
                assert any(formula in cell for cell in cells for formula in FORMULAS), f"{name}: nothing to disarm"
                formulas += [f"{name}: {cell}" for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "-1-"))]
    assert formulas == []
    assert found >= {
        "accounts:export",
        "audit:export",
        "ledger:rejects-download",
        "relationships:export_contacts",
        "selection:export",
    }
