"""Addresses of runs and schedules."""

from django.urls import path

from openkam.app.runs.views import runs, schedules

app_name = "runs"
urlpatterns = [
    path("", runs.list_runs, name="list"),
    path("<int:pk>/", runs.detail, name="detail"),
    path("<int:pk>/progress/", runs.progress, name="progress"),
    path("<int:pk>/cancel/", runs.cancel, name="cancel"),
    path("<int:pk>/again/", runs.again, name="again"),
    path("schedules/", schedules.list_schedules, name="schedules"),
    path("schedules/create/", schedules.edit_schedule, name="create_schedule"),
    path("schedules/<int:pk>/", schedules.edit_schedule, name="schedule"),
    path("schedules/<int:pk>/remove/", schedules.remove, name="remove_schedule"),
]
