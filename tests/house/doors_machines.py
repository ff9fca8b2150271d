"""Doors of programs: tokens, webhooks, calendars, and the API itself."""

from typing import Any

from house.doors import NOTHING, Door, everybody, members, only

MACHINES: dict[str, Any] = {
    "api": [
        Door(everybody(404), {"rest": "nothing"}),
        Door(everybody(200), {"rest": "v1/docs"}),
        Door(everybody(200), {"rest": "v1/openapi.json"}),
        # Whoever is signed in with a cookie is nobody here: only a token opens it.
        Door(everybody(401), {"rest": "v1/cases"}),
    ],
    "gateway:machines": Door(only("admin")),
    "gateway:machine-new": Door(only("admin")),
    "gateway:my-machines": Door(members()),
    "gateway:machine-take": Door(members(404), NOTHING),
    "gateway:machine-revoke": Door(members(404), NOTHING),
}
