"""The addresses of the platform."""

from __future__ import annotations

from django.urls import include, path

from tenon.web.accounts import views as accounts
from tenon.web.config import views, watching_views
from tenon.web.config.api import interface

handler400 = "tenon.web.pages.views.bad_request"
handler403 = "tenon.web.pages.views.forbidden"
handler404 = "tenon.web.pages.views.not_found"
handler500 = "tenon.web.pages.views.failed"

urlpatterns = [
    path("", views.home, name="home"),
    path("health", watching_views.health, name="health"),
    path("ready", watching_views.ready, name="ready"),
    path("metrics", watching_views.counted, name="metrics"),
    path("language", accounts.switch_language, name="switch_language"),
    path("api/v1/", interface.urls),
    path("account/", include("tenon.web.accounts.urls")),
    path("", include("tenon.web.organizations.urls")),
    path("", include("tenon.web.runs.urls")),
    path("", include("tenon.web.rooms.urls")),
]
