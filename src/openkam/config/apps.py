from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The site as a whole. Connects the rooms: loads each one's `receivers` and `jobs`, which no room can do for itself from below."""

    name = "openkam.config"
    label = "site"

    def ready(self) -> None:
        autodiscover_modules("receivers", "jobs")
