"""The pages of allauth that this site has. The others are closed: an administrator decides about accounts and addresses."""

from collections.abc import Sequence

from allauth.account import views
from allauth.mfa import urls as mfa_urls
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView


def closed(request: HttpRequest) -> HttpResponse:
    """A page that allauth names and this site does not have."""
    return page_not_found(request, Exception("Not part of this site"))


def audited(patterns: Sequence[URLPattern | URLResolver]) -> Sequence[URLPattern | URLResolver]:
    """The same addresses, each view in a transaction: allauth's writes and their entries in the audit are kept together or not at all."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            audited(pattern.url_patterns)
        else:
            pattern.callback = transaction.atomic(pattern.callback)
    return patterns


urlpatterns = audited(
    [
        path("login/", views.login, name="account_login"),
        path("logout/", views.logout, name="account_logout"),
        path("inactive/", views.account_inactive, name="account_inactive"),
        path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
        path("password/change/", views.password_change, name="account_change_password"),
        path("password/set/", views.password_set, name="account_set_password"),
        path("password/reset/", views.password_reset, name="account_reset_password"),
        path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
        re_path(
            r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            views.password_reset_from_key,
            name="account_reset_password_from_key",
        ),
        path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
        path("signup/", closed, name="account_signup"),
        path("email/", closed, name="account_email"),
        path("confirm-email/", closed, name="account_email_verification_sent"),
        path("sessions/", RedirectView.as_view(pattern_name="people:sessions"), name="usersessions_list"),
        path("2fa/", include(mfa_urls.urlpatterns)),
    ]
)
