"""The addresses of GeoReport v2, for real and for rehearsing."""

from typing import Any

from django.urls import path, re_path

from chenyue.gateway.open311 import views

FORM = r"\.(?P<form>xml|json)$"


def _v2(prefix: str, name: str, **more: Any) -> list[Any]:
    return [
        re_path(rf"^{prefix}/services{FORM}", views.services, more, name=f"{name}-services"),
        re_path(rf"^{prefix}/services/(?P<code>[\w-]{{1,20}}){FORM}", views.service, more, name=f"{name}-service"),
        re_path(rf"^{prefix}/requests{FORM}", views.requests, more, name=f"{name}-requests"),
        re_path(rf"^{prefix}/requests/(?P<number>[\w-]{{1,40}}){FORM}", views.one, more, name=f"{name}-request"),
        re_path(rf"^{prefix}/tokens/(?P<token>[\w-]{{1,60}}){FORM}", views.token, more, name=f"{name}-token"),
    ]


urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="open311-discovery"),
    *_v2("v2", "open311"),
    *_v2("test/v2", "open311-test", test=True),
    path("<path:rest>", views.nothing, name="open311-nothing"),
]
