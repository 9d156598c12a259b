"""How allauth behaves here: accounts are made by an administrator, never by strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SignInAdapter(DefaultAccountAdapter):
    """Closed to sign-up; redirects stay on this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
