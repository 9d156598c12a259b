from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "openkam.app.selection"
    label = "selection"
