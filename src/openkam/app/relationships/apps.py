from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "openkam.app.relationships"
    label = "relationships"
