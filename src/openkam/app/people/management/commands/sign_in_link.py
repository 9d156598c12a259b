"""`sign_in_link`: a way in for whoever owns the workspace, for instance into the demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from openkam.app.people.operations.sign_in_links import make_sign_in_link
from openkam.app.people.queries import active_users


class Command(BaseCommand):
    """Prints where on the site the link leads; what stands before it is the site's address."""

    help = "Print the path of a link that signs a person in once, within minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = active_users().filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody who may sign in has the address {options['email']}.")
        self.stdout.write(reverse("people:arrive", args=[make_sign_in_link(actor=None, user=person)]))
