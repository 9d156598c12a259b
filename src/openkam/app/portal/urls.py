"""Addresses of the guest pages."""

from django.urls import path

from openkam.app.portal import views

app_name = "portal"
urlpatterns = [path("survey/<str:token>/", views.survey, name="survey")]
