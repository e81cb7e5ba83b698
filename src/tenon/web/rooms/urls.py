"""The addresses of findings."""

from __future__ import annotations

from django.urls import include, path

from tenon.web.rooms import alert_views, import_views, ledger_views, room_urls, views

urlpatterns = [
    path("", include("tenon.web.rooms.equipment_urls")),
    path("findings/", views.findings, name="findings"),
    path("findings/new/", views.new_finding, name="new_finding"),
    path("findings/ledger/", ledger_views.ledger, name="findings_ledger"),
    path("findings/map/", ledger_views.hazard_map, name="findings_map"),
    path("findings/export/", ledger_views.export, name="export_findings"),
    path("findings/import/", import_views.imports, name="findings_imports"),
    path("findings/import/template/", import_views.template, name="findings_import_template"),
    path("findings/import/<uuid:pk>/", import_views.draft, name="findings_import"),
    path("findings/<uuid:pk>/", views.finding, name="finding"),
    path("findings/<uuid:pk>/comment/", views.comment, name="comment_finding"),
    path("findings/<uuid:pk>/share/", views.share, name="share_finding"),
    path("findings/<uuid:pk>/reach/", views.reach, name="reach_of_finding"),
    path("findings/<uuid:pk>/shares/<uuid:share>/revoke/", views.revoke, name="revoke_finding"),
    *room_urls.urlpatterns,
    path("findings/<uuid:pk>/message/", ledger_views.export_message, name="export_finding"),
    path("alerts/", alert_views.alerts, name="alerts"),
    path("alerts/read/", alert_views.read, name="read_alerts"),
    path("alerts/choices/", alert_views.choices, name="alert_choices"),
    path("alerts/webhook/", alert_views.webhook, name="alert_webhook"),
    path("organizations/<uuid:pk>/chains/", alert_views.chains, name="chains_of_organization"),
    path("organizations/<uuid:pk>/chains/<uuid:chain>/end/", alert_views.end_chain, name="end_chain"),
]
