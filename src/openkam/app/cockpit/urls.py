"""Addresses of the cockpit."""

from django.urls import path

from openkam.app.cockpit.views import account, home, portfolio, search, settings

app_name = "cockpit"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("search/", search.show_search, name="search"),
    path("palette/", search.show_palette, name="palette"),
    path("settings/", settings.show_settings, name="settings"),
    path("settings/organisation/", settings.organisation, name="organisation"),
    path("portfolio/", portfolio.show_portfolio, name="portfolio"),
    path("accounts/<int:pk>/overview/", account.show_account, name="account"),
]
