"""Addresses: one line per room."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("sign-in/", include("allauth.urls")),
]
if settings.OPENKAM_STYLEGUIDE:
    urlpatterns.append(path("style-guide/", include("openkam.app.ui.urls")))
