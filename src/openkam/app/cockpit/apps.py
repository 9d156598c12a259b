from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "openkam.app.cockpit"
    label = "cockpit"
