"""The addresses of findings."""

from __future__ import annotations

from django.urls import path

from tenon.web.rooms import alert_views, views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/new/", views.new_finding, name="new_finding"),
    path("findings/<uuid:pk>/", views.finding, name="finding"),
    path("findings/<uuid:pk>/comment/", views.comment, name="comment_finding"),
    path("findings/<uuid:pk>/share/", views.share, name="share_finding"),
    path("findings/<uuid:pk>/reach/", views.reach, name="reach_of_finding"),
    path("findings/<uuid:pk>/shares/<uuid:share>/revoke/", views.revoke, name="revoke_finding"),
    path("alerts/", alert_views.alerts, name="alerts"),
    path("alerts/read/", alert_views.read, name="read_alerts"),
    path("alerts/choices/", alert_views.choices, name="alert_choices"),
    path("alerts/webhook/", alert_views.webhook, name="alert_webhook"),
    path("organizations/<uuid:pk>/chains/", alert_views.chains, name="chains_of_organization"),
    path("organizations/<uuid:pk>/chains/<uuid:chain>/end/", alert_views.end_chain, name="end_chain"),
]
