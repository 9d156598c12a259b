"""A mailbox that is read by IMAP, and how far each of its folders was read."""

from typing import TYPE_CHECKING, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.runs.models import Run

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Mailbox(models.Model):
    """A mailbox of one of our users. `sealed_password` is encrypted with a key made of the site's secret; it is shown to nobody.

    `failure` is why the last reading came to nothing and what to do, in one line; blank when it did come to something.
    """

    folders: "RelatedManager[MailboxFolder]"
    run_id: int | None

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    host = models.CharField("server", max_length=253)
    port = models.PositiveIntegerField(default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    user_name = models.CharField("user", max_length=254)
    sealed_password = models.TextField(editable=False)
    keeps_subjects = models.BooleanField("keep the subjects too", default=False)
    connected_at = models.DateTimeField(default=timezone.now, editable=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(null=True, editable=False)
    counts = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        ordering: ClassVar[list[str]] = ["user_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "host", "user_name"], name="relationships_mailbox_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} at {self.host}"


class MailboxFolder(models.Model):
    """One folder: `name` as the server writes it, `label` as people do. Mails up to `last_uid` were read under `uid_validity`;
    a server that changes it has numbered its mails anew."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="folders")
    name = models.CharField(max_length=500)
    label = models.CharField(max_length=500)
    is_chosen = models.BooleanField(default=False)
    uid_validity = models.PositiveBigIntegerField(null=True, editable=False)
    last_uid = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mailbox", "name"], name="relationships_folder_once"),
        ]

    def __str__(self) -> str:
        return self.label
