"""Mails and appointments that came in together, and what of them could not be used."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.runs.models import Run

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class CorrespondenceImport(models.Model):
    """One import, whole or not there: what it brought is in the timelines once `taken_in_at` stands, and until `undone_at` does.

    `stored` is the path of its file below the workspace's files, blank once it is gone: a file is removed as soon as it was taken
    in. `counts` are those of `queries.correspondence.Counted`.
    """

    interactions: "RelatedManager[Any]"
    refused_items: "RelatedManager[RefusedItem]"
    begun_by_id: int
    run_id: int | None

    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=300, blank=True, editable=False)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    keeps_subjects = models.BooleanField("keep the subjects too", default=False)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    taken_in_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "import of correspondence"
        verbose_name_plural = "imports of correspondence"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name


class RefusedItem(models.Model):
    """A mail or an appointment that could not be used: its place in the file from 1, the reason, and the value at fault."""

    brought_by = models.ForeignKey(CorrespondenceImport, models.CASCADE, related_name="refused_items")
    place = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=100)
    key = models.CharField(max_length=500, blank=True)
    found = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
