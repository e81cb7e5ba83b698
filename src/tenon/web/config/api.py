"""The interface for programs: what each app brings, put together under ``/api/v1``.

An app has one file ``api.py`` with a router; a new one is added here by one line.
"""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

import tenon
from tenon.web.interface.parser import JsonParser
from tenon.web.interface.problems import MEDIA_TYPE, answer_with_problems
from tenon.web.organizations.api import router as organizations
from tenon.web.organizations.bearer import AccessToken, PerToken
from tenon.web.rooms.api import router as findings
from tenon.web.rooms.equipment_api import router as equipment
from tenon.web.rooms.room_api import router as rooms
from tenon.web.runs.api import router as studies

__all__ = ["Interface", "interface"]


class Interface(NinjaAPI):
    """The interface, whose description names the media type of refusals."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation by its function; no two are called alike.

        Parameters
        ----------
        operation : Operation
            Which.

        Returns
        -------
        str
            Such as ``report``.
        """
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Describe the interface in the words of OpenAPI 3.1.

        Parameters
        ----------
        path_prefix : str, optional
            What the addresses begin with.
        path_params : dict, optional
            Values of parameters in the prefix.

        Returns
        -------
        OpenAPISchema
            The description.
        """
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "content" in response:  # noqa: PLR2004 - refusals begin at 400
                        response["content"] = {MEDIA_TYPE: response["content"].popitem()[1]}
        return schema


# No page that shows the description: those of ninja want scripts and styles that our pages do not allow. The
# description itself says nothing about anybody, and is open like the manual.
interface = Interface(
    title="tenon",
    version=tenon.__version__,
    description="Organizations that share what they choose, and eliminate hazards one by one.",
    docs_url=None,
    urls_namespace="interface",
    auth=AccessToken(),
    throttle=PerToken("600/min"),
    parser=JsonParser(),
)
answer_with_problems(interface)
interface.add_router("", organizations)
interface.add_router("", findings)
interface.add_router("", rooms)
interface.add_router("", equipment)
interface.add_router("", studies)
