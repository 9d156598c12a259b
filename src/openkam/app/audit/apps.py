from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "openkam.app.audit"
    label = "audit"
