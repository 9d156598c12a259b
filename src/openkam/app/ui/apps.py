from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openkam.app.ui"
    label = "ui"
