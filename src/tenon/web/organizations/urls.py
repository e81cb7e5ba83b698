"""The addresses of organizations, memberships and groups."""

from __future__ import annotations

from django.urls import path

from tenon.web.organizations import group_views, token_views, views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/new/", views.found, name="new_organization"),
    path("organizations/act-for/", views.act_for, name="act_for"),
    path("organizations/<uuid:pk>/", views.organization, name="organization"),
    path("organizations/<uuid:pk>/invite/", views.invite, name="invite_to_organization"),
    path("organizations/<uuid:pk>/ceiling/", group_views.ceiling, name="ceiling_of_organization"),
    path("organizations/<uuid:pk>/below/", views.new_below, name="new_organization_below"),
    path("memberships/<uuid:pk>/", views.membership, name="membership"),
    path("invitations/<uuid:pk>/withdraw/", views.withdraw, name="withdraw_invitation"),
    path("join/<str:token>/", views.join, name="join"),
    path("groups/", group_views.groups, name="groups"),
    path("groups/new/", group_views.new_group, name="new_group"),
    path("groups/<uuid:pk>/", group_views.group, name="group"),
    path("tokens/", token_views.tokens_of_person, name="tokens"),
    path("tokens/new/", token_views.new_token, name="new_token"),
    path("tokens/<uuid:pk>/revoke/", token_views.revoke_token, name="revoke_token"),
    path("record/", views.record, name="record"),
]
