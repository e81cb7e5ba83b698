"""The addresses of findings."""

from __future__ import annotations

from django.urls import path

from tenon.web.rooms import room_urls, views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/new/", views.new_finding, name="new_finding"),
    path("findings/<uuid:pk>/", views.finding, name="finding"),
    path("findings/<uuid:pk>/comment/", views.comment, name="comment_finding"),
    path("findings/<uuid:pk>/share/", views.share, name="share_finding"),
    path("findings/<uuid:pk>/reach/", views.reach, name="reach_of_finding"),
    path("findings/<uuid:pk>/shares/<uuid:share>/revoke/", views.revoke, name="revoke_finding"),
    *room_urls.urlpatterns,
]
