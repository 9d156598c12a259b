"""Addresses of the people room."""

from django.urls import path

from openkam.app.people.views import arrivals, own, teams, users

app_name = "people"
urlpatterns = [
    path("welcome/", arrivals.welcome, name="welcome"),
    path("arrive/<str:token>/", arrivals.arrive, name="arrive"),
    path("people/", users.list_people, name="list"),
    path("people/create/", users.create, name="create"),
    path("people/<int:pk>/", users.edit, name="edit"),
    path("people/<int:pk>/deactivate/", users.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", users.reactivate, name="reactivate"),
    path("people/<int:pk>/sign-in-link/", users.sign_in_link, name="sign_in_link"),
    path("people/teams/", teams.list_teams, name="teams"),
    path("people/teams/create/", teams.create, name="create_team"),
    path("people/teams/<int:pk>/", teams.edit, name="edit_team"),
    path("people/teams/<int:pk>/delete/", teams.delete, name="delete_team"),
    path("preferences/", own.preferences, name="preferences"),
    path("preferences/sessions/", own.sessions, name="sessions"),
    path("preferences/sessions/end-others/", own.end_others, name="end_other_sessions"),
    path("preferences/sessions/<int:pk>/end/", own.end_one_session, name="end_session"),
]
