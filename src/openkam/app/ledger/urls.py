"""Addresses of the ledger room."""

from django.urls import path

from openkam.app.ledger.views import batches, rejects, running, sources, templates, versions, wizard

app_name = "ledger"
urlpatterns = [
    path("", sources.list_sources, name="sources"),
    path("sources/create/", sources.create, name="source-create"),
    path("sources/<int:pk>/", sources.edit, name="source-edit"),
    path("sources/<int:pk>/remove/", sources.remove, name="source-remove"),
    path("templates/", templates.list_templates, name="templates"),
    path("templates/create/", templates.create, name="template-create"),
    path("templates/<int:pk>/", templates.edit, name="template-edit"),
    path("templates/<int:pk>/remove/", templates.remove, name="template-remove"),
    path("import/", wizard.start, name="import-start"),
    path("import/<int:pk>/files/", wizard.files, name="import-files"),
    path("import/<int:pk>/files/<int:upload_pk>/remove/", wizard.remove_file, name="import-remove-file"),
    path("import/<int:pk>/discard/", wizard.discard, name="import-discard"),
    path("import/<int:pk>/reading/", wizard.detect, name="import-detect"),
    path("import/<int:pk>/columns/", wizard.map_columns, name="import-map"),
    path("import/<int:pk>/columns/text/", wizard.map_text, name="import-map-text"),
    path("import/<int:pk>/columns/template/", wizard.apply_template, name="import-use-template"),
    path("import/<int:pk>/keep-template/", wizard.keep_template, name="import-keep-template"),
    path("import/<int:pk>/check/", wizard.look, name="import-preview"),
    path("import/<int:pk>/run/", running.run_import, name="import-run"),
    path("import/<int:pk>/run/progress/", running.progress, name="import-progress"),
    path("import/<int:pk>/run/cancel/", running.cancel, name="import-cancel"),
    path("import/<int:pk>/run/held-back.csv", running.rejects_of_dry_run, name="import-dry-run-rejects"),
    path("import/<int:pk>/result/", running.result, name="import-result"),
    path("import/<int:pk>/reopen/", running.reopen, name="import-reopen"),
    path("batches/", batches.list_batches, name="batches"),
    path("batches/<slug:batch_id>/", batches.show, name="batch"),
    path("batches/<slug:batch_id>/undo/", batches.undo, name="batch-undo"),
    path("batches/<slug:batch_id>/mend/", rejects.mend, name="mend"),
    path("batches/<slug:batch_id>/import-mended/", rejects.import_mended, name="import-mended"),
    path("rejects/", rejects.list_rejects, name="rejects"),
    path("rejects/held-back.csv", rejects.download, name="rejects-download"),
    path("versions/", versions.list_versions, name="versions"),
    path("versions/verify/", versions.verify, name="verify"),
]
