"""Make accounts of the ledger's customers that a review has measured."""

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.customers import reviewed_customers
from openkam.analytics.review.review import Review
from openkam.app.accounts.operations.adoption import Adoption, adopt_ledger_accounts
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer
from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import User

WORDS = ("parent_account", "manager", "legal_name", "tax_id", "country", "industry", "region", "address", "postal_code", "city")


def adopt_reviewed_accounts(*, actor: User, ledger: Ledger, review: Review) -> Adoption:
    """Give every customer of the review's accounts a place among the accounts, as `adopt_ledger_accounts` does."""
    customers = [
        LedgerCustomer(
            source=row["source"],
            customer_key=row["customer_key"],
            ledger_account=row["account"],
            name=row["name"],
            kind=Kind.PROSPECT if row["is_prospect"] else Kind.CUSTOMER,
            outlet_type=row["category"] or "",
            buying_group=row["group_name"] or "",
            employees=row["employees"],
            annual_sales="" if row["annual_sales"] is None else str(row["annual_sales"]),
            currency=row["currency"] or "",
            **{name: row[name] or "" for name in WORDS},
        )
        for row in reviewed_customers(ledger, review).to_pylist()
    ]
    return adopt_ledger_accounts(actor=actor, customers=customers, as_of_on=review.as_of, reason="Review")
