"""Addresses of the cockpit."""

from django.urls import path

from openkam.app.cockpit.views import account, home, search, settings

app_name = "cockpit"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("search/", search.show_search, name="search"),
    path("palette/", search.show_palette, name="palette"),
    path("settings/", settings.show_settings, name="settings"),
    path("settings/organisation/", settings.organisation, name="organisation"),
    path("accounts/<int:pk>/overview/", account.show_account, name="account"),
]
