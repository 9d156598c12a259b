"""The workspace's programme as changed here."""

from django.db import models

from openkam.app.people.models import User


class ProgrammeText(models.Model):
    """The workspace's programme as last changed here, one row, so that every change of the file stands in the audit."""

    changed_by_id: int

    text = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "programme"

    def __str__(self) -> str:
        return "The workspace's programme"
