"""Addresses of the API, below ``api/v1/``: one for each table, and one for each of its rows."""

from typing import Any

from django.urls import path, register_converter

from .resources import KEY, RESOURCES
from .serving import api_view
from .views import Nothing, OpenApi, Root, Row, Rows


class KeyConverter:
    """The key of a row in an address; whether it is one of that table, the view asks."""

    regex = f"{KEY}(?:~[A-Za-z0-9_-]{{1,100}})*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AnythingConverter(KeyConverter):
    """Whatever may stand in an address, line ends too."""

    regex = r"[\s\S]*"


register_converter(KeyConverter, "row_key")
register_converter(AnythingConverter, "anything")

urlpatterns: list[Any] = [
    path("api/v1/", api_view(Root.as_view()), name="api_root"),
    path("api/v1/openapi.json", api_view(OpenApi.as_view()), name="api_openapi"),
]
for _name in RESOURCES:
    urlpatterns += [
        path(f"api/v1/{_name}/", api_view(Rows.as_view(name=_name)), name=f"api_{_name}"),
        path(
            f"api/v1/{_name}/<row_key:key>/",
            api_view(Row.as_view(name=_name)),
            name=f"api_{_name}_row",
        ),
    ]
# Last: what is nowhere is told so as JSON too. An address without its last stroke leads on.
urlpatterns.append(path("api/v1/<anything:rest>", api_view(Nothing.as_view()), name="api_nothing"))
