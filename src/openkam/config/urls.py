"""Addresses: one line per room."""

from django.conf import settings
from django.urls import include, path

from openkam.config.health import live, ready

urlpatterns = [
    path("health/live", live, name="live"),
    path("health/ready", ready, name="ready"),
    path("sign-in/", include("openkam.config.sign_in_urls")),
    path("", include("openkam.app.people.urls")),
    path("audit/", include("openkam.app.audit.urls")),
    path("runs/", include("openkam.app.runs.urls")),
    path("data/", include("openkam.app.ledger.urls")),
    path("accounts/", include("openkam.app.accounts.urls")),
    path("value/", include("openkam.app.valuation.urls")),
    path("identify/", include("openkam.app.selection.urls")),
    path("relationships/", include("openkam.app.relationships.urls")),
    path("guest/", include("openkam.app.portal.urls")),
    path("", include("openkam.app.cockpit.urls")),
]
if settings.OPENKAM_STYLEGUIDE:
    urlpatterns.append(path("style-guide/", include("openkam.app.ui.urls")))
