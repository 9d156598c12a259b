from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, teams, roles and record scope."""

    name = "openkam.app.people"
    label = "people"
