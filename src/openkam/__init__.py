"""OpenKAM: Key Account Management from the ledgers a company already has.

import openkam

ledger = openkam.Ledger.open("openkam-data/ledger")
review = openkam.review(ledger, openkam.Programme.load("programme.toml"))
review.accounts.to_pandas()
"""

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review as review
from openkam.analytics.selection.programme import Programme

__all__ = ["Ledger", "Programme", "review"]
