"""How allauth behaves here: accounts are made by an administrator, never by strangers."""

from concurrent.futures import ThreadPoolExecutor

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context as sign_in
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from allauth.mfa.webauthn.views import EditWebAuthnView
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

from openkam.app.people.models import User
from openkam.app.people.operations.sign_in_events import announce_renamed_factor
from openkam.app.people.queries import signed_in_user

log = structlog.get_logger("openkam.mail")
outgoing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Hands letters over one after another. A page that waited for the mail server would tell by its time that an address is known."""


class SignInAdapter(DefaultAccountAdapter):
    """Closed to sign-up; redirects stay on this site; letters are sent while the page is on its way."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        request = sign_in.request
        about = {"request": request, "email": email, "current_site": get_current_site(request)}
        outgoing.submit(_send, self.render_mail(template_prefix, email, about | context))


class SessionBackend(AuthenticationBackend):
    """Reads who a session belongs to together with what every page shows of the organisation: no page asks for it again."""

    def get_user(self, user_id: int) -> User | None:
        person = signed_in_user(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


class RenameKeyView(EditWebAuthnView):
    """allauth tells nobody that a key was renamed; here it is told."""

    def form_valid(self, form: EditWebAuthnForm) -> HttpResponse:  # pyright: ignore[reportIncompatibleMethodOverride]
        before = self.object.wrap().name
        answer = super().form_valid(form)  # pyright: ignore[reportArgumentType] - allauth's form is no model's
        announce_renamed_factor(user=self.object.user, before=before, after=form.cleaned_data["name"])
        return answer


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as error:  # smtplib's errors and the network's
        log.error("mail not sent", subject=message.subject, reason=str(error))
