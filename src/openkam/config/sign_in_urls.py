"""The pages of allauth that this site has. The others are closed: an administrator decides about accounts and addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.views import remove_webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView

from openkam.config.sign_in import RenameKeyView

View = Callable[..., HttpResponseBase]


def closed(request: HttpRequest) -> HttpResponse:
    """A page that allauth names and this site does not have."""
    return page_not_found(request, Exception("Not part of this site"))


def with_its_entry(view: View) -> View:
    """The view, whose write and its entry in the audit are kept together or not at all; merely looking takes no lock."""

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return whole


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", with_its_entry(views.password_change), name="account_change_password"),
    path("password/set/", with_its_entry(views.password_set), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        with_its_entry(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    path("sessions/", RedirectView.as_view(pattern_name="people:sessions"), name="usersessions_list"),
    path("2fa/totp/deactivate/", with_its_entry(deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/webauthn/keys/<int:pk>/edit/", with_its_entry(RenameKeyView.as_view()), name="mfa_edit_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", with_its_entry(remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]
