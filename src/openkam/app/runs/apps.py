from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "openkam.app.runs"
    label = "runs"
