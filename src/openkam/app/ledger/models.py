"""Where facts come from and what is being brought in. What was imported is the ledger's own history and never copied here."""

from typing import TYPE_CHECKING, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from openkam.app.ledger.terms import Step
from openkam.app.people.models import User
from openkam.app.runs.models import Run

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Source(models.Model):
    """A system of a business unit that facts come from. `name` is what the rows carry in the ledger."""

    name = models.CharField(max_length=120)
    business_unit = models.CharField(max_length=120, blank=True)
    system = models.CharField(max_length=120, blank=True)
    default_currency = models.CharField(
        max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$", "Write the three letters of ISO 4217, such as EUR.")]
    )
    note = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("name"), name="ledger_source_name_once", violation_error_message="There is a source of this name already."
            )
        ]

    def __str__(self) -> str:
        return self.name


class MappingTemplate(models.Model):
    """How the files of a source become rows of a table: the mapping as TOML, kept to be used again."""

    name = models.CharField(max_length=120)
    source = models.ForeignKey(Source, models.CASCADE, related_name="templates")
    table = models.CharField(max_length=40)
    mapping = models.TextField(max_length=100_000)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["source__name", "table", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "source",
                "table",
                Lower("name"),
                name="ledger_template_name_once",
                violation_error_message="This source has a template of this name for this table already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportDraft(models.Model):
    """One import on its way: files, table, source and mapping, until it is in the ledger as the batch `batch_id`.

    `guesses` are the fields whose columns were only guessed. `dry_run_rejects` is the path of the rows that the last dry run held
    back, below the workspace's files. `carried_out_since` stands while a worker is on it, and after one that died.
    """

    uploads: "RelatedManager[Upload]"
    source_id: int
    source = models.ForeignKey(Source, models.PROTECT, related_name="drafts")
    table = models.CharField(max_length=40)
    mapping = models.TextField(blank=True, max_length=100_000)
    guesses = models.JSONField(default=list)
    step = models.CharField(max_length=10, choices=Step, default=Step.FILES)
    counts_again = models.BooleanField("count files that were imported before once more", default=False)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    dry_run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    import_run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    dry_run_rejects = models.CharField(max_length=200, blank=True)
    carried_out_since = models.DateTimeField(null=True)
    batch_id = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]

    def __str__(self) -> str:
        return f"{self.table_label} from {self.source.name}"

    @property
    def table_label(self) -> str:
        """Its table in a page's words."""
        return self.table.replace("_", " ")

    @property
    def is_closed(self) -> bool:
        """True once its rows are in the ledger."""
        return bool(self.batch_id)


class Upload(models.Model):
    """One file as it was sent. `name` is what the user calls it, cleaned; `stored` its path below the workspace's files;
    `detection` how it and the files in it would be read."""

    draft = models.ForeignKey(ImportDraft, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=300, unique=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    detection = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name


class LedgerBatch(models.Model):
    """A batch of the ledger as the audit names it. It has no table: the ledger is its only home."""

    batch_id = models.CharField(max_length=64, primary_key=True)

    class Meta:
        managed = False
        verbose_name = "batch"
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"batch {self.batch_id}"
