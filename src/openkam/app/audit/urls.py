"""Addresses of the audit."""

from django.urls import path

from openkam.app.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.list_entries, name="list"),
    path("export/", views.export, name="export"),
    path("<int:pk>/restore/<slug:field>/", views.restore, name="restore"),
    path("<str:record_type>/<str:record_key>/", views.record, name="record"),
]
