"""How people sign in is written by allauth, whose signals are announced here as any other write to a person."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_login_failed
from django.db.models import Model
from django.dispatch import receiver

from openkam.app.people.models import User
from openkam.app.people.operations.sign_in_events import announce_failed_sign_in, announce_own_change


@receiver(password_changed)
def note_changed_password(sender: type[Model], user: User, **kwargs: Any) -> None:
    """The password, never what it is."""
    announce_own_change(user=user, verb="changed the password of")


@receiver(password_set)
def note_set_password(sender: type[Model], user: User, **kwargs: Any) -> None:
    """The first password of somebody who came in by a link."""
    announce_own_change(user=user, verb="set the first password of")


@receiver(password_reset)
def note_reset_password(sender: type[Model], user: User, **kwargs: Any) -> None:
    """A password set by whoever opened the letter."""
    announce_own_change(user=user, verb="reset by letter the password of")


@receiver(authenticator_added)
def note_added_factor(sender: type[Model], user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """A second factor or a passkey, never its secret."""
    announce_own_change(user=user, verb="added a way to sign in of", factor=_factor(authenticator))


@receiver(authenticator_reset)
def note_renewed_factor(sender: type[Model], user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """New recovery codes."""
    announce_own_change(user=user, verb="renewed a way to sign in of", factor=_factor(authenticator))


@receiver(authenticator_removed)
def note_removed_factor(sender: type[Model], user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """A second factor or a passkey that opens nothing any more."""
    announce_own_change(user=user, verb="removed a way to sign in of", factor=_factor(authenticator), is_removed=True)


@receiver(user_login_failed)
def note_wrong_password(sender: str, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A wrong password, or an address that nobody has."""
    announce_failed_sign_in(address=str(credentials.get("email") or ""), step="Password")


@receiver(authentication_failed)
def note_wrong_second_step(sender: type[Model], user: User, **kwargs: Any) -> None:
    """A wrong code after a right password."""
    announce_failed_sign_in(address=user.email, step="Second step")


def _factor(authenticator: Authenticator) -> str:
    return str(Authenticator.Type(authenticator.type).label)
