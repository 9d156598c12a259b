"""Addresses of the room."""

from django.urls import path

from openkam.app.valuation.views import ahead, alert_verdicts, assumptions, rates, rebates, renewals, worths

app_name = "valuation"
urlpatterns = [
    path("", worths.portfolio, name="portfolio"),
    path("changes/", worths.changes, name="changes"),
    path("mix/", worths.mix, name="mix"),
    path("alerts/", ahead.alerts, name="alerts"),
    path("alerts/dealt-with/", alert_verdicts.dealt, name="dealt"),
    path("accounts/<int:pk>/silence/", alert_verdicts.deal, name="deal"),
    path("accounts/<int:pk>/silence/<int:verdict>/take-back/", alert_verdicts.take_back, name="take-back"),
    path("ahead/", ahead.ahead, name="ahead"),
    path("volume/", ahead.volume, name="volume"),
    path("contracts/", renewals.contracts, name="contracts"),
    path("losses/", worths.losses, name="losses"),
    path("basis/", worths.basis, name="basis"),
    path("start/", worths.start, name="start"),
    path("accounts/<int:pk>/", worths.account_, name="account"),
    path("rates/", rates.rates, name="rates"),
    path("rates/<slug:entry>/add/", rates.edit, name="add-rate"),
    path("rates/<slug:entry>/<int:pk>/", rates.edit, name="rate"),
    path("rates/<slug:entry>/<int:pk>/remove/", rates.remove, name="remove-rate"),
    path("assumptions/", assumptions.assumptions, name="assumptions"),
    path("assumptions/add/", assumptions.add, name="add-assumptions"),
    path("rebates/", rebates.rebates, name="rebates"),
    path("accounts/<int:pk>/rebates/add/", rebates.add, name="add-rebate"),
    path("accounts/<int:pk>/rebates/<int:schedule>/", rebates.change, name="rebate"),
    path("accounts/<int:pk>/rebates/<int:schedule>/from-a-day/", rebates.follow, name="follow-rebate"),
    path("accounts/<int:pk>/rebates/<int:schedule>/remove/", rebates.remove, name="remove-rebate"),
]
