"""The addresses of studies."""

from __future__ import annotations

from django.urls import path

from tenon.web.runs import views

urlpatterns = [
    path("studies/", views.studies, name="studies"),
    path("studies/new/", views.choose_study, name="choose_study"),
    path("studies/new/<slug:kind>/", views.new_study, name="new_study"),
    path("studies/<uuid:pk>/", views.study, name="study"),
    path("studies/<uuid:pk>/state/", views.state, name="state_of_study"),
    path("studies/<uuid:pk>/cancel/", views.cancel, name="cancel_study"),
    path("studies/<uuid:pk>/retry/", views.retry, name="retry_study"),
    path("studies/<uuid:pk>/outage/", views.outage, name="outage_in_study"),
    path("studies/<uuid:pk>/files/<str:name>", views.download, name="file_of_study"),
    path("studies/<uuid:pk>/share/", views.share, name="share_study"),
    path("studies/<uuid:pk>/reach/", views.reach, name="reach_of_study"),
    path("studies/<uuid:pk>/shares/<uuid:share>/revoke/", views.revoke, name="revoke_study"),
]
