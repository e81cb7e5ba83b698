"""The addresses of equipment, rounds, files and reports from phones."""

from __future__ import annotations

from django.urls import path

from tenon.web.rooms import equipment_views, evidence_views, intake_views, round_views

urlpatterns = [
    path("equipment/", equipment_views.equipment_tree, name="equipment_tree"),
    path("equipment/new/", equipment_views.new_equipment, name="new_equipment"),
    path("equipment/import/", equipment_views.import_equipment, name="import_equipment"),
    path("equipment/availability/", equipment_views.availability, name="equipment_availability"),
    path("equipment/<uuid:pk>/", equipment_views.equipment, name="equipment"),
    path("equipment/<uuid:pk>/edit/", equipment_views.edit_equipment, name="edit_equipment"),
    path("equipment/<uuid:pk>/share/", equipment_views.share_equipment, name="share_equipment"),
    path("equipment/<uuid:pk>/reach/", equipment_views.reach_of_equipment, name="reach_of_equipment"),
    path("equipment/<uuid:pk>/shares/<uuid:share>/revoke/", equipment_views.revoke_equipment, name="revoke_equipment"),
    path("equipment/<uuid:pk>/label/", equipment_views.equipment_label, name="equipment_label"),
    path("equipment/<uuid:pk>/label/renew/", equipment_views.renew_label, name="renew_equipment_label"),
    path("equipment/<uuid:pk>/checklists/new/", equipment_views.new_checklist, name="new_equipment_checklist"),
    path("checklists/<uuid:pk>/", equipment_views.edit_checklist, name="equipment_checklist"),
    path("checklists/<uuid:pk>/plan/", round_views.plan_round, name="plan_round"),
    path("checklists/<uuid:pk>/start/", round_views.start_round, name="start_round"),
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/<uuid:pk>/", round_views.round_page, name="round"),
    path("intakes/", intake_views.intakes, name="intakes"),
    path("intakes/<uuid:pk>/", intake_views.intake, name="intake"),
    path("r/<str:token>/", intake_views.phone_report, name="phone_report"),
    path("findings/<uuid:pk>/equipment/", evidence_views.equipment_of_finding, name="equipment_of_finding"),
    path("findings/<uuid:pk>/files/", evidence_views.attach_to_finding, name="attach_to_finding"),
    path("findings/<uuid:pk>/readings/", evidence_views.add_reading_to_finding, name="add_reading_to_finding"),
    path("attachments/<uuid:pk>/", evidence_views.attachment, name="attachment"),
]
