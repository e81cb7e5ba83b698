"""All endpoints of the matrix together."""

from __future__ import annotations

from tests.web.matrix import endpoints
from tests.web.matrix.form_endpoints import FORM_ENDPOINTS
from tests.web.matrix.room_endpoints import ROOM_ENDPOINTS

ENDPOINTS = (*endpoints.ENDPOINTS, *FORM_ENDPOINTS, *ROOM_ENDPOINTS)
BY_KEY = {(endpoint.name, endpoint.method, endpoint.action): endpoint for endpoint in ENDPOINTS}
