"""The platform as a server calls it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from tenon.web.config.bodies import with_whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")
application = with_whole_bodies(get_wsgi_application())
