"""Doors of WeCom."""

from typing import Any

from house.doors import NOTHING, WORK, Door, everybody, members, once, only, posted

NOBODY = {"code": "nothing"}
WECOM: dict[str, Any] = {
    "wecom-callback": [Door(everybody(404), NOBODY), posted(everybody(404), NOBODY)],
    "gateway:wecom": Door(only("admin")),
    "gateway:wecom-new": [
        *(Door(only("admin"), {"kind": kind}) for kind in ("app", "kf", "report", "bot")),
        Door(only("admin", status=404), {"kind": "else"}),
        posted(only("admin", status=422), {"kind": "app"}, lambda w: once(w) | {"name": ""}),
    ],
    "gateway:wecom-edit": Door(only("admin", status=404), NOTHING),
    "gateway:wecom-people": Door(only("admin")),
    "gateway:wecom-log": Door(only("admin")),
    "gateway:wecom-again": posted(only("admin", status=404), NOTHING),
    "gateway:wecom-mine": [Door(members()), posted(members())],
    "gateway:wecom-unbind": posted(members(404), NOTHING),
    "gateway:wecom-forward": Door(only(*WORK, status=404), NOTHING),
    "gateway:wecom-drop": posted(only(*WORK, status=404), NOTHING),
}
