"""The pages: what they show, to whom, with how many queries, and what they do not let through."""

import pytest
from django.urls import reverse
from tests.factories import accounts as make
from tests.factories.people import team, user

from openkam.app.accounts.models import Account, TradeName
from openkam.app.accounts.operations.accounts import delete_account
from openkam.app.accounts.operations.card import add_trade_name
from openkam.app.accounts.terms.card import FactField
from openkam.app.accounts.urls import urlpatterns
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
OF_ONE_ACCOUNT = {
    "detail": ("get", []),
    "edit": ("post", []),
    "history": ("get", []),
    "delete": ("post", []),
    "share": ("post", []),
    "state_fact": ("post", ["employees"]),
    "add_to_card": ("post", ["identifier"]),
    "remove_from_card": ("post", ["trade-name", 1]),
    "restore": ("post", []),
}


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def test_every_page_of_one_account_is_tested_below():
    assert {pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith("<int:pk>/")} == set(OF_ONE_ACCOUNT)


@pytest.mark.parametrize("name", OF_ONE_ACCOUNT)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.HEAD])
def test_a_colleagues_account_is_not_found(signed_in, name, role):
    """Nobody of this role sees it; the role itself may do the act, else 403 would hide the question."""
    actor = user(role, scope="own")
    hidden = make.account("Hidden Holding", manager=user(Role.MANAGER))
    method, more = OF_ONE_ACCOUNT[name]
    if name == "remove_from_card":
        stated = {"source": "s", "as_of_on": make.SOME_DAY}
        more = ["trade-name", add_trade_name(actor=user(), record=TradeName(account=hidden, name="X", **stated)).pk]
    if name == "restore":
        delete_account(actor=user(), account=hidden)

    response = getattr(signed_in(actor), method)(url(name, hidden.pk, *more), {"name": "Mine", "kind": "customer"})

    refused = 403 if role == Role.MANAGER and name in {"delete", "restore"} else 404
    assert response.status_code == refused
    assert b"Hidden" not in response.content
    assert Account.objects.get(pk=hidden.pk).name == "Hidden Holding"


def test_a_colleagues_account_is_in_no_list_picker_or_search(signed_in):
    manager, colleague = user(Role.MANAGER), user(Role.MANAGER, name="Colleague")
    hidden = make.account("Hidden", manager=colleague, tags=[make.tag("secret")], team=team(name="Hidden team"))
    make.account("Own", manager=manager)
    client = signed_in(manager)

    for address in (
        url("list"),
        url("list") + "?name=hid",
        url("list") + f"?manager={colleague.pk}",
        url("list") + f"?tag={hidden.tags.get().pk}&children=on",
        url("list") + "?columns=parent&columns=tags",
        url("options") + "?q=hid",
        url("create"),
    ):
        page = client.get(address).content.decode()
        assert "Hidden<" not in page
        assert "secret" not in page
        if "create" not in address:  # an account may be given to any person and team
            assert "Colleague" not in page
            assert "Hidden team" not in page


def test_an_account_is_not_hung_below_one_out_of_scope(signed_in):
    manager = user(Role.MANAGER)
    hidden = make.account("Hidden")

    response = signed_in(manager).post(url("create"), {"name": "A", "kind": "customer", "parent": f"#{hidden.pk}"})

    assert response.status_code == 422
    assert Account.objects.count() == 1


def test_a_parent_out_of_scope_is_not_named(signed_in):
    manager = user(Role.MANAGER)
    own = make.account("Own", manager=manager, parent=make.account("Hidden"))
    client = signed_in(manager)

    for address in (url("detail", own.pk), url("list") + "?columns=parent", url("history", own.pk)):
        assert b"Hidden" not in client.get(address).content


@pytest.mark.parametrize("name", ["create", "edit", "state_fact", "add_to_card"])
def test_who_may_only_read_gets_no_form(signed_in, name):
    reader = user(Role.READ_ONLY)
    account = make.account(manager=reader)
    args = {"create": [], "edit": [account.pk], "state_fact": [account.pk, "employees"], "add_to_card": [account.pk, "address"]}

    assert signed_in(reader).get(url(name, *args[name])).status_code == 403
    page = signed_in(reader).get(url("detail", account.pk)).content.decode()
    assert "Change" not in page
    assert "Who looks after it" in page


def test_a_guest_is_sent_to_sign_in(client):
    assert client.get(url("list")).status_code == 302
    assert client.get(url("detail", make.account().pk)).status_code == 302


def test_only_the_fields_of_the_form_are_taken(signed_in):
    admin = user(Role.ADMINISTRATOR)
    account = make.account("Before", actor=admin)
    evil = {"deleted_at": "2016-01-01", "search_text": "evil", "employees": "7", "created_by": "", "id": "99", "pk": "99"}

    response = signed_in(admin).post(url("edit", account.pk), {"name": "After", "kind": "customer", **evil})

    account.refresh_from_db()
    assert response.status_code == 302
    assert (account.name, account.deleted_at, account.search_text, account.employees) == ("After", None, "after", None)
    assert account.created_by == admin


def test_no_text_reaches_a_page_as_markup(signed_in):
    admin = user(Role.ADMINISTRATOR, name=SCRIPT)
    client = signed_in(admin)
    client.post(url("define_custom_field"), {"name": f"F{SCRIPT}", "type": "text", "help_text": SCRIPT, "position": 0})
    sent = {"name": SCRIPT, "kind": "customer", "tags": SCRIPT, "legal_name": SCRIPT, "source": SCRIPT, "reason": SCRIPT}
    client.post(url("create"), {**sent, "custom-1": SCRIPT, "manager": admin.pk})
    account = Account.objects.get()
    day = make.SOME_DAY.isoformat()
    client.post(
        url("state_fact", account.pk, "outlet_type"), {"value": SCRIPT, "source": SCRIPT, "as_of_on": day, "certainty": "assumed"}
    )
    stated = {"source": SCRIPT, "as_of_on": day, "certainty": "confirmed"}
    client.post(url("add_to_card", account.pk, "trade-name"), {"name": SCRIPT, **stated})
    client.post(url("add_to_card", account.pk, "identifier"), {"scheme": "own", "value": SCRIPT, **stated})
    client.post(url("add_to_card", account.pk, "address"), {"type": "site", "street": SCRIPT, "country": "DE", **stated})
    client.post(url("save_view"), {"name": SCRIPT, "query": f"name={SCRIPT}"})

    pages = [
        url("detail", account.pk),
        url("edit", account.pk),
        url("history", account.pk),
        url("list") + f"?name={SCRIPT}&columns=legal_name&columns=tags&columns=manager",
        url("list") + "?view=1",
        url("options") + "?q=script",
        url("custom_fields"),
        url("delete", account.pk),
    ]
    for page in pages:
        body = client.get(page).content.decode()
        assert "alert(1)" not in body or "&lt;script&gt;alert(1)" in body
        assert SCRIPT not in body
    assert account.trade_names.exists()
    assert account.addresses.exists()
    client.post(url("delete", account.pk))
    assert SCRIPT not in client.get(url("bin")).content.decode()
    preview = client.post(url("bulk"), {"everything": "1", "step": "preview", "add_tags": SCRIPT}, follow=True)
    assert SCRIPT not in preview.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "name=%27+OR+1%3D1+--",
        "name=%25",
        "kind=x%27",
        "manager=1+OR+1",
        "manager=999999999999999999999",
        "tag=%27",
        "country=XX",
        "industry=%25",
        "sort=password",
        "sort=-manager__password",
        "sort=%27",
        "columns=password&columns=custom-x",
        "page=0",
        "page=99999",
        "page=x",
        "view=%27",
        "view=999",
        "children=maybe",
        "name=%00",
    ],
)
def test_an_address_that_means_harm_means_nothing(signed_in, query):
    make.account("Tailspin")

    assert signed_in(user(Role.ADMINISTRATOR)).get(f"{url('list')}?{query}").status_code == 200


def test_filters_find(signed_in):
    admin = user(Role.ADMINISTRATOR)
    make.account("Top", manager=admin, tags=[make.tag("vip")])
    make.account("Below", parent=Account.objects.get(name="Top"))
    make.account("Beside")
    client = signed_in(admin)
    client.post(url("state_fact", Account.objects.get(name="Beside").pk, "industry"), _fact("G46.3"))
    client.post(url("state_fact", Account.objects.get(name="Beside").pk, "country"), _fact("DE"))

    def found(query):
        return sorted(row.record.name for row in client.get(f"{url('list')}?{query}").context["table"].paginated_rows)

    assert found("name=top") == ["Top"]
    assert found("name=top&children=on") == ["Below", "Top"]
    assert found("children=on") == ["Below", "Beside", "Top"]
    assert found(f"manager={admin.pk}") == ["Top"]
    assert found("manager=null") == ["Below", "Beside"]
    assert found(f"tag={Account.objects.get(name='Top').tags.get().pk}") == ["Top"]
    assert found("industry=G") == found("industry=G46") == found("country=DE") == ["Beside"]
    assert found("industry=C") == []


@pytest.mark.parametrize(("query", "queries"), [("name=found", 10), ("name=found&page=2", 11), ("name=found&page=99", 11)])
def test_a_search_counts_along_what_it_finds(signed_in, django_assert_num_queries, query, queries):
    admin = user(Role.ADMINISTRATOR)
    names = [f"Found {number:02}" for number in range(30)]
    for name in ("Other", *names):
        make.account(name, manager=admin)
    client = signed_in(admin)
    client.get(f"{url('list')}?{query}&sort=-name")

    with django_assert_num_queries(queries):
        context = client.get(f"{url('list')}?{query}&sort=-name").context
    shown = [row.record.name for row in context["table"].paginated_rows]
    assert (context["count"], shown) == (30, names[::-1][:25] if query == "name=found" else names[4::-1])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_length(signed_in, django_assert_num_queries, rows):
    admin = user(Role.ADMINISTRATOR)
    for _ in range(rows):
        make.account(parent=make.account(), manager=user(), team=team(), tags=[make.tag()])
    client = signed_in(admin)
    client.get(url("list"))

    with django_assert_num_queries(11):
        client.get(url("list"))
    with django_assert_num_queries(13):
        client.get(url("list") + "?columns=parent&columns=keys&columns=tags&columns=manager&columns=team")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_record_card_takes_the_same_queries_whatever_it_holds(signed_in, django_assert_num_queries, rows):
    admin = user(Role.ADMINISTRATOR)
    account = make.account(parent=make.account(parent=make.account()), manager=admin)
    client = signed_in(admin)
    for number in range(rows):
        make.account(parent=account)
        client.post(url("state_fact", account.pk, "employees"), _fact(str(number)))
        client.post(url("add_to_card", account.pk, "trade-name"), {"name": f"N{number}", **_stated()})
        client.post(url("add_to_card", account.pk, "identifier"), {"scheme": "own", "value": number, **_stated()})
        client.post(url("share", account.pk), {"user": user().pk})
    client.get(url("detail", account.pk))

    with django_assert_num_queries(18):
        client.get(url("detail", account.pk))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_bin_takes_the_same_queries_whatever_its_length(signed_in, django_assert_num_queries, rows):
    admin = user(Role.ADMINISTRATOR)
    for _ in range(rows):
        delete_account(actor=admin, account=make.account(manager=user()))
    client = signed_in(admin)
    client.get(url("bin"))

    with django_assert_num_queries(4):
        client.get(url("bin"))


@pytest.mark.parametrize("field", FactField.values)
def test_every_field_of_the_card_has_its_form(signed_in, field):
    client, account = signed_in(user(Role.ADMINISTRATOR)), make.account()
    values = {
        "employees": "5",
        "locations": "5",
        "annual_turnover": "100",
        "country": "DE",
        "countries": "DE, France",
        "industry": "46",
    }

    assert client.get(url("state_fact", account.pk, field)).status_code == 200
    drawer = client.get(url("state_fact", account.pk, field), headers={"HX-Request": "true"}).content
    assert b"drawer-head" in drawer
    assert b"<html" not in drawer
    empty = client.post(url("state_fact", account.pk, field), {})
    sent = client.post(url("state_fact", account.pk, field), {"unit": "EUR", **_fact(values.get(field, "Words"))})

    assert (empty.status_code, sent.status_code) == (422, 302)
    assert account.facts.get().field == field


def test_a_form_says_what_is_wrong(signed_in):
    client, account = signed_in(user(Role.ADMINISTRATOR)), make.account()

    lei = client.post(url("add_to_card", account.pk, "identifier"), {"scheme": "lei", "value": "1", **_stated()})
    code = client.post(url("state_fact", account.pk, "industry"), _fact("toys"))
    day = client.post(url("state_fact", account.pk, "employees"), {**_fact("5"), "as_of_on": "2999-01-01"})
    ring = client.post(url("edit", account.pk), {"name": "A", "kind": "customer", "parent": f"#{account.pk}"})

    assert [page.status_code for page in (lei, code, day, ring)] == [422] * 4
    assert "An LEI has 20" in lei.content.decode()
    assert "is not an ISIC/NACE code" in code.content.decode()
    assert "below itself" in ring.content.decode()


@pytest.mark.parametrize("address", ["facts/nothing", "add/nothing"])
def test_a_part_that_the_card_does_not_have_is_not_found(signed_in, address):
    account = make.account()

    assert signed_in(user(Role.ADMINISTRATOR)).get(f"{url('detail', account.pk)}{address}/").status_code == 404


def test_deleting_restoring_sharing_and_removing_through_the_pages(signed_in):
    admin, friend = user(Role.ADMINISTRATOR), user(Role.MANAGER)
    account = make.account("Toys")
    client = signed_in(admin)

    assert client.get(url("delete", account.pk)).status_code == 200
    client.post(url("delete", account.pk), {"reason": "Closed"})
    assert "Toys" in client.get(url("bin")).content.decode()
    client.post(url("restore", account.pk))
    client.post(url("share", account.pk), {"user": friend.pk})
    assert signed_in(friend).get(url("detail", account.pk)).status_code == 200
    client.post(url("share", account.pk), {"user": friend.pk, "stop": "1"})
    assert signed_in(friend).get(url("detail", account.pk)).status_code == 404
    client.post(url("share", account.pk), {"user": "x"})
    client.post(url("add_to_card", account.pk, "trade-name"), {"name": "Happy", **_stated()})
    client.post(url("remove_from_card", account.pk, "trade-name", account.trade_names.get().pk))
    assert not account.trade_names.exists()
    assert not account.shares.exists()


def test_a_picker_offers_what_was_typed(signed_in):
    account = make.account("Café Zürich")
    client = signed_in(user(Role.ADMINISTRATOR))

    assert f"Café Zürich (#{account.pk})" in client.get(url("options") + "?parent=zuri").content.decode()
    assert client.get(url("options")).content.decode().strip() == ""


@pytest.mark.parametrize("name", ["export", "bulk", "save_view"])
def test_what_writes_is_not_done_by_a_link(signed_in, name):
    assert signed_in(user(Role.ADMINISTRATOR)).get(url(name)).status_code == 405


def _stated():
    return {"source": "Register", "as_of_on": make.SOME_DAY.isoformat(), "certainty": "confirmed"}


def _fact(value):
    return {"value": value, **_stated()}


def test_a_list_says_whether_it_is_filtered(signed_in):
    client = signed_in(user(Role.HEAD))
    make.account("Tailspin Toys")
    assert "that you look after or may see" in client.get(reverse("accounts:list")).content.decode()
    filtered = client.get(reverse("accounts:list"), {"name": "tail"}).content.decode()
    assert "match." in filtered
    assert "Clear" in filtered
