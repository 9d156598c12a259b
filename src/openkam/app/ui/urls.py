from django.urls import path

from openkam.app.ui.views import drawer, styleguide

app_name = "ui"
urlpatterns = [
    path("", styleguide, name="styleguide"),
    path("drawer/", drawer, name="styleguide_drawer"),
]
