"""The addresses of rooms and proposals."""

from __future__ import annotations

from django.urls import path

from tenon.web.rooms import proposal_views, room_views

urlpatterns = [
    path("rooms/", room_views.rooms, name="rooms"),
    path("rooms/new/", room_views.new_room, name="new_room"),
    path("rooms/<uuid:pk>/", room_views.room, name="room"),
    path("rooms/<uuid:pk>/timeline/", room_views.room_timeline, name="room_timeline"),
    path("rooms/<uuid:pk>/people/", room_views.room_people, name="room_people"),
    path("rooms/<uuid:pk>/tasks/<uuid:task>/", room_views.room_task, name="room_task"),
    path("rooms/<uuid:pk>/attached/<uuid:link>/detach/", room_views.detach_finding, name="detach_from_room"),
    path("rooms/<uuid:pk>/reports/<int:number>/", room_views.room_report, {"length": "short"}, name="room_report"),
    path(
        "rooms/<uuid:pk>/reports/<int:number>/long/",
        room_views.room_report,
        {"length": "long"},
        name="long_room_report",
    ),
    path("rooms/<uuid:pk>/close/", room_views.close_room, name="close_room"),
    path("findings/<uuid:pk>/values/", proposal_views.finding_values, name="values_of_finding"),
    path(
        "findings/<uuid:pk>/proposals/<uuid:proposal>/",
        proposal_views.decide_proposal,
        name="proposal_for_finding",
    ),
]
