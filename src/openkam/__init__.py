"""OpenKAM: Key Account Management from the ledgers a company already has.

import openkam

ledger = openkam.Ledger.open("openkam-data/ledger")
review = openkam.review(ledger, openkam.Programme.load("programme.toml"))
review.accounts.to_pandas()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openkam.analytics.ledger.ledger import Ledger
    from openkam.analytics.review.conduct import conduct_review as review
    from openkam.analytics.review.review import Review
    from openkam.analytics.selection.programme import Programme
    from openkam.analytics.terms import OpenKamError

__all__ = ["Ledger", "OpenKamError", "Programme", "Review", "review"]


def __getattr__(name: str) -> object:
    """The engine's face, loaded when a name is first asked for (PEP 562).

    Every module below this package runs this file first, and the engine takes seconds to load: `openkam --help` and the
    site's light pages must not wait for it. The imports stay statements, so the contracts see their direction.
    """
    found: object
    match name:
        case "Ledger":
            from openkam.analytics.ledger.ledger import Ledger  # noqa: PLC0415 - see above

            found = Ledger
        case "OpenKamError":
            from openkam.analytics.terms import OpenKamError  # noqa: PLC0415 - see above

            found = OpenKamError
        case "Programme":
            from openkam.analytics.selection.programme import Programme  # noqa: PLC0415 - see above

            found = Programme
        case "Review":
            from openkam.analytics.review.review import Review  # noqa: PLC0415 - see above

            found = Review
        case "review":
            from openkam.analytics.review.conduct import conduct_review  # noqa: PLC0415 - see above

            found = conduct_review
        case _:
            raise AttributeError(f"module 'openkam' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
