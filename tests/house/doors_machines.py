"""Doors of programs: tokens, webhooks, calendars, and the API itself."""

from typing import Any

from house.doors import NOTHING, Door, everybody, members, once, only, posted

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
    "calendar-feed": Door(everybody(404), {"token": "nothing-like-this"}),
    "gateway:calendars": Door(members()),
    "gateway:calendar-end": posted(members(404), NOTHING, once),
    "gateway:webhook-new": Door(only("admin")),
    "gateway:webhook": Door(members(404), NOTHING),
    "gateway:webhook-ping": posted(members(404), NOTHING, once),
    "gateway:webhook-again": posted(members(404), NOTHING | {"delivery": 1}, once),
    "gateway:webhook-act": posted(members(404), NOTHING | {"act": "end"}, once),
}
