"""What is due, as a list."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.relationships.models import RetentionCase
from openkam.app.relationships.terms import CaseState


class CaseTable(tables.Table):
    """One row for each contact or account of which something is due."""

    of = tables.Column(accessor="pk", verbose_name="Of")
    kind = tables.Column("What")
    count = tables.TemplateColumn(
        "{% load ui %}{{ value|amount }}", verbose_name="Records", attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )
    due_since_on = tables.TemplateColumn("{% load ui %}{{ value|day }}", verbose_name="Due since")
    acts = tables.Column(accessor="state", verbose_name="")

    class Meta:
        orderable = False
        template_name = "ui/table.html"
        caption = "What is kept longer than its clock says"
        empty_text = "Nothing is due."

    def render_of(self, record: RetentionCase) -> SafeString:
        """The person's or the account's own page."""
        of = record.contact or record.account
        return format_html('<a class="name" href="{}">{}</a>', of.get_absolute_url() if of else "", of)

    def render_kind(self, record: RetentionCase) -> str:
        """In words."""
        return record.get_kind_display()

    def render_acts(self, record: RetentionCase) -> SafeString:
        """What can be decided, or what was."""
        if record.state == CaseState.KEPT:
            return format_html(
                '<span class="small">kept until {}, {}: {}</span>', record.kept_until_on, record.decided_by or "", record.reason
            )
        of = record.contact or record.account
        return format_html(
            '<span class="row-x"><a class="btn btn-s" href="{}">Keep<span class="sr"> what is due of {}</span></a>'
            '<a class="btn btn-s" href="{}">Erase<span class="sr"> what is due of {}</span></a></span>',
            reverse("relationships:keep_case", args=[record.pk]),
            of,
            reverse("relationships:erase_case", args=[record.pk]),
            of,
        )
