"""The record of every write. Database triggers refuse to change or delete an entry, but for one lawful way (see the migrations)."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from openkam.app.people.models import User

ERASED = "[erased]"
"""What stands in an entry for a value that named somebody who was erased. The triggers know it by this very text."""
ERASING_VERB = "erased by request"
"""The act after which, and only right after which, the triggers let values of earlier entries become `ERASED`."""


class Entry(models.Model):
    """One write: who did what to which record, when and why, with the values before and after.

    `before` and `after` hold only the fields that changed (all fields when a record is made or removed). `erased_by` is the entry of the
    act that took a person's words out of this one (`operations.erasure`): values are then `ERASED`; who, when and what stay.
    """

    erased_by_id: int | None

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    record_type = models.CharField(max_length=100)
    record_key = models.CharField(max_length=64)
    record_name = models.CharField(max_length=300)
    before = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    after = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    erased_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name_plural = "entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["record_type", "record_key", "-id"], name="audit_entry_record"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.record_name}"
