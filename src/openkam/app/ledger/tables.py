"""Lists of the room."""

import django_tables2 as tables

from openkam.app.ledger.models import MappingTemplate

FIGURE = {"td": {"class": "num"}, "th": {"class": "num"}}


class BatchTable(tables.Table):
    """Batches, newest first."""

    imported_at = tables.TemplateColumn("{% load ui %}{{ value|moment }}", verbose_name="Imported")
    files_shown = tables.TemplateColumn(
        '{% load ui %}<a class="name" href="{% url "ledger:batch" record.batch_id %}">{{ value }}</a>',
        verbose_name="Files",
        orderable=False,
    )
    table_label = tables.Column(verbose_name="Table")
    source = tables.Column()
    rows_accepted = tables.TemplateColumn("{% load ui %}{{ value|amount }}", verbose_name="Rows", attrs=FIGURE)
    rows_rejected = tables.TemplateColumn(
        "{% load ui %}{% if value %}<a href=\"{% url 'ledger:rejects' %}?batch={{ record.batch_id }}\">{{ value|amount }}</a>"
        "{% else %}{{ value|amount }}{% endif %}",
        verbose_name="Held back",
        attrs=FIGURE,
    )
    ledger_version = tables.Column(verbose_name="Version", attrs=FIGURE)
    undone_in_version = tables.TemplateColumn(
        '{% if value %}<span class="tag">undone in {{ value }}</span>{% else %}<span class="tag a">counts</span>{% endif %}',
        verbose_name="State",
        empty_values=(),
    )

    class Meta:
        template_name = "ui/table.html"
        attrs = {"class": "t"}  # noqa: RUF012 - the library reads it so
        empty_text = "No batch meets this."


class VersionTable(tables.Table):
    """The ledger's versions, newest first."""

    ledger_version = tables.Column(verbose_name="Version", attrs=FIGURE)
    committed_at = tables.TemplateColumn("{% load ui %}{{ value|moment }}", verbose_name="When")
    kind = tables.Column("What")
    batch = tables.TemplateColumn(
        '<a class="name" href="{% url "ledger:batch" value.batch_id %}">{{ value.table_label }} from {{ value.source }}</a>',
        verbose_name="Batch",
        orderable=False,
    )
    rows_change = tables.TemplateColumn("{% load ui %}{{ value|signed }}", verbose_name="Rows", attrs=FIGURE)
    rows = tables.TemplateColumn("{% load ui %}{{ value|amount }}", verbose_name="Rows then", attrs=FIGURE)

    class Meta:
        template_name = "ui/table.html"
        attrs = {"class": "t"}  # noqa: RUF012 - the library reads it so
        empty_text = "Nothing was imported yet."


class TemplateTable(tables.Table):
    """Mapping templates."""

    name = tables.TemplateColumn('<a class="name" href="{% url "ledger:template-edit" record.pk %}">{{ value }}</a>')
    source = tables.Column(accessor="source__name")
    table = tables.Column()
    saved_at = tables.TemplateColumn("{% load ui %}{{ value|moment }}", verbose_name="Saved")

    class Meta:
        model = MappingTemplate
        fields = ("name", "source", "table", "saved_at")
        template_name = "ui/table.html"
        attrs = {"class": "t"}  # noqa: RUF012 - the library reads it so
        empty_text = "No template was kept yet. An import's column step keeps one."
