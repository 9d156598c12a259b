"""Addresses: one line per room."""

from django.urls import include, path

urlpatterns = [
    path("sign-in/", include("allauth.urls")),
]
