"""The import wizard as a browser without scripts walks it, from files to rows in the ledger."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.site_imports import AMBIGUOUS, MESSY, SOUND, as_sent, draft, file, send, source, work_off

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.queries.history import batches
from openkam.app.people.models import User

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, name: str, made: ImportDraft, status: int = 200):
    answer = client.get(reverse(f"ledger:{name}", args=[made.pk]))
    assert answer.status_code == status
    return answer


def test_a_messy_file_is_walked_to_the_ledger(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    answer = send(client, [file(MESSY, "März.csv")], begun_from=source(default_currency="EUR"))
    made = ImportDraft.objects.get()
    assert answer.url == reverse("ledger:import-detect", args=[made.pk])
    shown = page(client, "import-detect", made)
    assert "cp1252" in shown.text
    assert "semicolon" in shown.text
    assert "François" in shown.text
    answer = client.post(answer.url, as_sent(shown.context["form"]))
    assert answer.url == reverse("ledger:import-map", args=[made.pk])
    form = page(client, "import-map", made).context["form"]
    answer = client.post(answer.url, as_sent(form))
    assert answer.status_code == 302, answer.context["form"].errors
    shown = page(client, "import-preview", made)
    assert "not a number with decimal comma" in shown.text
    assert "no such day in the date format of this column" in shown.text
    run_url = reverse("ledger:import-run", args=[made.pk])
    assert client.post(run_url, {"act": "dry-run"}).url == run_url
    assert "Waiting for a worker" in page(client, "import-run", made).text
    assert page(client, "import-progress", made).status_code == 200
    work_off()
    assert page(client, "import-progress", made, 204)["HX-Redirect"] == run_url
    shown = page(client, "import-run", made)
    assert "Import <span" in shown.text
    assert batches(analyst) == ()
    rejects = page(client, "import-dry-run-rejects", made)
    assert b"".join(rejects.streaming_content).decode("utf-8-sig").count("\n") == 3
    client.post(run_url, {"act": "import"})
    work_off()
    assert page(client, "import-run", made, 302).url == reverse("ledger:import-result", args=[made.pk])
    shown = page(client, "import-result", made)
    assert (shown.context["outcome"]["rows"]) == {"read": 3, "accepted": 1, "rejected": 2}
    assert batches(analyst)[0].file_names == ("März.csv",)
    for name in ("import-files", "import-detect", "import-map", "import-map-text", "import-preview"):
        assert page(client, name, made, 302).url == reverse("ledger:import-result", args=[made.pk])


def test_day_and_month_are_asked_and_never_guessed(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    made = draft(analyst, AMBIGUOUS)
    url = reverse("ledger:import-map", args=[made.pk])
    shown = page(client, "import-map", made)
    assert "does 03/04/2025 mean" in shown.text
    sent = as_sent(shown.context["form"])
    assert "dates-2" not in sent
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "nothing is guessed" in answer.text
    assert client.post(url, {**sent, "dates-2": "%m/%d/%Y"}).status_code == 302
    made.refresh_from_db()
    assert '"Invoice Date" = "%m/%d/%Y"' in made.mapping
    assert "03/04/2025 → 2025-03-04" in page(client, "import-preview", made).text
    back = page(client, "import-map", made).context["form"]
    assert back["dates-2"].value() == "%m/%d/%Y"


def test_an_answer_is_not_asked_for_a_column_that_is_left_out(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, AMBIGUOUS)
    client = signed_in(analyst)
    sent = as_sent(page(client, "import-map", made).context["form"])
    sent |= {"column-2": "", "kind-transacted_on": "always", "value-transacted_on": "2025-01-31"}
    assert client.post(reverse("ledger:import-map", args=[made.pk]), sent).status_code == 302


def test_what_every_row_needs_is_asked_for(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, SOUND)
    client = signed_in(analyst)
    sent = as_sent(page(client, "import-map", made).context["form"])
    answer = client.post(reverse("ledger:import-map", args=[made.pk]), {**sent, "column-5": ""})
    assert answer.status_code == 422
    assert "Every row needs net amount" in answer.text
    answer = client.post(reverse("ledger:import-map", args=[made.pk]), {**sent, "column-5": "quantity"})
    assert "goes to Quantity already" in answer.text
    formula = {**sent, "column-5": "", "kind-net_amount": "formula", "value-net_amount": 'col("Quantity") * 5'}
    assert client.post(reverse("ledger:import-map", args=[made.pk]), formula).status_code == 302
    assert "10.0000" in page(client, "import-preview", made).text
    wrong = {**formula, "value-net_amount": 'col("Nothing")'}
    client.post(reverse("ledger:import-map", args=[made.pk]), wrong)
    assert "Nothing" in page(client, "import-preview", made).context["refused"]
