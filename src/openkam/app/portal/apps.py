from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "openkam.app.portal"
    label = "portal"
