"""Addresses of the accounts room."""

from django.urls import path

from openkam.app.accounts.views import accounts, bulk, card, custom_fields, lists, saved_views

app_name = "accounts"
urlpatterns = [
    path("", lists.list_accounts, name="list"),
    path("export/", lists.export, name="export"),
    path("options/", lists.options, name="options"),
    path("bin/", lists.show_bin, name="bin"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("create/", accounts.create, name="create"),
    path("views/save/", saved_views.save, name="save_view"),
    path("views/<int:pk>/remove/", saved_views.remove, name="remove_view"),
    path("fields/", custom_fields.list_fields, name="custom_fields"),
    path("fields/define/", custom_fields.define, name="define_custom_field"),
    path("fields/<int:pk>/", custom_fields.change, name="change_custom_field"),
    path("fields/<int:pk>/archive/", custom_fields.archive, name="archive_custom_field"),
    path("<int:pk>/", accounts.detail, name="detail"),
    path("<int:pk>/edit/", accounts.edit, name="edit"),
    path("<int:pk>/history/", accounts.history, name="history"),
    path("<int:pk>/delete/", accounts.delete, name="delete"),
    path("<int:pk>/restore/", accounts.restore, name="restore"),
    path("<int:pk>/share/", accounts.share, name="share"),
    path("<int:pk>/facts/<slug:field>/", card.state_fact, name="state_fact"),
    path("<int:pk>/add/<slug:part>/", card.add, name="add_to_card"),
    path("<int:pk>/remove/<slug:part>/<int:part_pk>/", card.remove, name="remove_from_card"),
]
