"""`fill_demo`: the people, accounts and first round of the sample company, for `openkam demo`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from openkam.app.cockpit.operations.demo import fill_demo
from openkam.app.people.operations.sign_in_links import make_sign_in_link


class Command(BaseCommand):
    """Prints the path of a link that signs the demo's administrator in once.

    Called with the open `ledger`, its `review` and the `programme`.
    """

    help = "Make the people, accounts and first round of the sample company."
    stealth_options = ("ledger", "review", "programme")

    def handle(self, *args: Any, **options: Any) -> None:
        administrator = fill_demo(ledger=options["ledger"], review=options["review"], programme=options["programme"])
        self.stdout.write(reverse("people:arrive", args=[make_sign_in_link(actor=None, user=administrator)]))
