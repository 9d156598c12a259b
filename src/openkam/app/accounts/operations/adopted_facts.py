"""Take over what a ledger says about its customers as facts of the record card, with the ledger as their source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils import timezone

from openkam.app.accounts.models import Account, Address, Fact, Identifier
from openkam.app.accounts.operations.card import MIRRORED, NewFact, checked_fact, mirror
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer, first_word
from openkam.app.accounts.operations.naming import refresh_names
from openkam.app.accounts.terms.account import AddressType
from openkam.app.accounts.terms.card import FactField
from openkam.app.accounts.terms.countries import country_code
from openkam.app.accounts.terms.identifiers import Scheme
from openkam.app.accounts.terms.industries import industry_code
from openkam.app.audit.operations import Write, insert_rows, record_writes
from openkam.app.people.models import User

FIELDS = {
    FactField.LEGAL_NAME: "legal_name",
    FactField.INDUSTRY: "industry",
    FactField.EMPLOYEES: "employees",
    FactField.ANNUAL_TURNOVER: "annual_sales",
    FactField.COUNTRY: "country",
    FactField.OUTLET_TYPE: "outlet_type",
    FactField.SALES_REGION: "region",
    FactField.BUYING_GROUP: "buying_group",
}
"""The fields of the card that a ledger fills, each with the ledger's own."""
MIRROR_COLUMNS = [*(column for columns in MIRRORED.values() for column in columns), "sort_name", "search_text", "changed_at"]

FACT_FIELDS = ("field", "value", "unit", "source", "as_of_on", "certainty", "shelf_life_days")


class AdoptedFacts:
    """What the ledger says on its `as_of_on`, gathered account by account and stored at once.

    A fact is new when the same source did not say the same last. It counts on the card unless a later one is known.
    """

    def __init__(self, actor: User, as_of_on: date) -> None:
        self.refused: Counter[str] = Counter()
        self._actor = actor
        self._as_of_on = as_of_on
        self._added: list[tuple[Account, list[NewFact]]] = []

    def describe(self, account: Account, group: Sequence[LedgerCustomer]) -> None:
        """Note the facts about an account that is about to be made, and repeat them in its own columns."""
        facts = list(_facts(group, self._as_of_on, self.refused))
        for fact in facts:
            mirror(account, fact)
        if facts:
            self._added.append((account, facts))

    def compare(self, groups: Mapping[str, Sequence[LedgerCustomer]], owners: Mapping[str, int]) -> None:
        """Note what is new about accounts that exist, and save their columns where that counts."""
        if not owners:
            return
        known = set(owners.values())
        accounts = {
            account.pk: account for account in Account.objects.filter(keys__isnull=False).distinct() if account.pk in known
        }
        overall, by_source = _latest()
        changed: list[Account] = []
        for name, pk in owners.items():
            facts = list(_facts(groups[name], self._as_of_on, self.refused))
            new = [fact for fact in facts if by_source.get((pk, fact.source + fact.field)) != (fact.value, fact.unit)]
            counting = [fact for fact in new if overall.get((pk, fact.field), fact.as_of_on) <= fact.as_of_on]
            for fact in counting:
                mirror(accounts[pk], fact)
            if any(fact.field == FactField.LEGAL_NAME for fact in counting):
                refresh_names(accounts[pk])
            if new:
                accounts[pk].changed_at = timezone.now()
                changed.append(accounts[pk])
                self._added.append((accounts[pk], new))
        Account.objects.bulk_update(changed, MIRROR_COLUMNS, batch_size=500)

    def store(self) -> int:
        """Store and record the facts noted; returns how many."""
        now = timezone.now()
        rows = [
            (account.pk, now, self._actor.pk, *(getattr(fact, field) for field in FACT_FIELDS))
            for account, facts in self._added
            for fact in facts
        ]
        insert_rows(Fact, ("account", "recorded_at", "author", *FACT_FIELDS), rows)
        writes = (Write(account, {}, {fact.field: _in_audit(fact) for fact in facts}) for account, facts in self._added)
        record_writes(actor=self._actor, verb="recorded a fact", writes=writes)
        return sum(len(facts) for _, facts in self._added)

    def add_numbers_and_addresses(self, created: Mapping[str, Account], groups: Mapping[str, Sequence[LedgerCustomer]]) -> None:
        """Give accounts that were just made the tax numbers and addresses of their customers."""
        identifiers: dict[tuple[int, str], Identifier] = {}
        addresses: dict[tuple[int, str, str, str], Address] = {}
        for account, customer in ((account, customer) for name, account in created.items() for customer in groups[name]):
            stated = {
                "account": account,
                "source": _source(customer),
                "as_of_on": self._as_of_on,
                "author": self._actor,
            }
            if tax_id := " ".join(customer.tax_id.split())[:60]:
                identifiers[account.pk, tax_id] = Identifier(scheme=Scheme.TAX, value=tax_id, **stated)
            country = country_code(customer.country)
            place = (customer.address[:300], customer.postal_code[:20], customer.city[:100])
            if country and any(place):
                addresses[account.pk, *place] = Address(
                    type=AddressType.SITE,
                    street=place[0],
                    postal_code=place[1],
                    city=place[2],
                    region=customer.region[:100],
                    country=country,
                    **stated,
                )
            elif any(place):
                self.refused["Address: no country that is known"] += 1
        Identifier.objects.bulk_create(identifiers.values(), batch_size=2000)
        Address.objects.bulk_create(addresses.values(), batch_size=2000)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the card could not hold, the commonest first."""
        return tuple(f"{count} × {why}" for why, count in self.refused.most_common(10))


def _facts(group: Sequence[LedgerCustomer], as_of_on: date, refused: Counter[str]) -> Iterator[NewFact]:
    for field, column in FIELDS.items():
        speaker = next((customer for customer in group if getattr(customer, column) not in (None, "")), None)
        if speaker is None:
            continue
        value = str(getattr(speaker, column)).strip()
        is_word = field == FactField.INDUSTRY and not industry_code(value)  # the source's own classes
        unit = first_word(group, "currency") if field == FactField.ANNUAL_TURNOVER else ""
        try:
            yield _checked(FactField.INDUSTRY_STRUCTURE if is_word else field, value, unit, _source(speaker), as_of_on)
        except ValidationError as error:
            refused[f"{field.label}: {' '.join(error.messages)}"] += 1


@lru_cache(maxsize=4096)
def _checked(field: FactField, value: str, unit: str, source: str, as_of_on: date) -> NewFact:
    """Ledgers repeat themselves: most of what they say about one customer they say about others."""
    return checked_fact(NewFact(field, value, source, as_of_on, unit))


def _latest() -> tuple[dict[tuple[int, str], date], dict[tuple[int, str], tuple[str, str]]]:
    """Of every account the day of the fact that counts per field, and what each source said last per field."""
    overall: dict[tuple[int, str], date] = {}
    by_source: dict[tuple[int, str], tuple[str, str]] = {}
    facts = Fact.objects.order_by("as_of_on", "id").values_list("account_id", "field", "source", "as_of_on", "value", "unit")
    for account_id, field, source, as_of_on, value, unit in facts.iterator(chunk_size=2000):
        overall[account_id, field] = as_of_on
        by_source[account_id, source + field] = (value, unit)
    return overall, by_source


def _source(customer: LedgerCustomer) -> str:
    return f"Ledger: {customer.source}"[:300]


def _in_audit(fact: NewFact) -> dict[str, object]:
    return {"value": fact.value, "unit": fact.unit, "source": fact.source, "as_of_on": fact.as_of_on}
