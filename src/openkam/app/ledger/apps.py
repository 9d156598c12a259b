from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Bringing facts in without a shell."""

    name = "openkam.app.ledger"
    label = "ledger"
