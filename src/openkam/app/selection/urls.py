"""Addresses of the room."""

from django.urls import path

from openkam.app.selection.views import compare, criteria, decisions, ratings, robustness, rounds, scales, status, what_if

app_name = "selection"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("start/", rounds.start, name="start"),
    path("key/", status.key, name="key"),
    path("key/<int:account>/", status.history, name="history"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/text/", criteria.text, name="programme"),
    path("criteria/add/", criteria.add, name="add-criterion"),
    path("criteria/<int:number>/", criteria.criterion, name="criterion"),
    path("criteria/<int:number>/chart/", criteria.chart, name="criterion-chart"),
    path("criteria/<int:number>/remove/", criteria.remove, name="remove-criterion"),
    path("scales/", scales.scales, name="scales"),
    path("scales/add/", scales.add, name="add-scale"),
    path("scales/<int:scale>/", scales.scale, name="scale"),
    path("scales/<int:scale>/archive/", scales.archive, name="archive-scale"),
    path("scales/<int:scale>/count/", scales.count, name="count-scale"),
    path("ratings/<int:account>/", ratings.ratings, name="ratings"),
    path("ratings/<int:account>/<int:scale>/", ratings.rate, name="rate"),
    path("ratings/<int:account>/<int:scale>/withdraw/", ratings.withdraw, name="withdraw-rating"),
    path("<int:pk>/", rounds.round_, name="round"),
    path("<int:pk>/try/", what_if.try_, name="try"),
    path("<int:pk>/reasons/", what_if.reasons, name="reasons"),
    path("<int:pk>/weightings/", robustness.weightings, name="weightings"),
    path("<int:pk>/why/<int:candidate>/", rounds.explanation_, name="explanation"),
    path("<int:pk>/export/", status.export, name="export"),
    path("<int:pk>/compare/", compare.compare, name="compare"),
    path("<int:pk>/decisions/", decisions.decisions, name="decisions"),
    path("<int:pk>/decide/", decisions.decide_, name="decide"),
    path("<int:pk>/close/", decisions.close, name="close"),
]
