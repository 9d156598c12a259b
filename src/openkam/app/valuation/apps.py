from django.apps import AppConfig


class ValuationConfig(AppConfig):
    name = "openkam.app.valuation"
    label = "valuation"
