"""Doors of hotline tables."""

from typing import Any

from house.doors import NOTHING, Door, everybody, once, only, posted

MAY = ("li", "zhao")
HOTLINE: dict[str, Any] = {
    "gateway:hotline": Door(only(*MAY)),
    "gateway:hotline-batch": Door(only(*MAY, status=404), NOTHING),
    "gateway:hotline-act": posted(only(*MAY, status=404), NOTHING | {"act": "file"}, once),
    "gateway:hotline-errors": Door(only(*MAY, status=404), NOTHING),
    "gateway:hotline-answers": posted(only(*MAY, status=404), NOTHING, once),
}

DATED = {"form": "json"}
PARTNERS: dict[str, Any] = {
    "gateway:open311": Door(only("admin")),
    "gateway:open311-set": Door(only("admin"), lambda w: {"code": w.filed.case.category.code}),
    "gateway:open311-key": Door(only("admin")),
    "gateway:open311-revoke": Door(only("admin", status=404), NOTHING),
    "gateway:open311-words": Door(only("li", "zhao")),
    "gateway:open311-publish": posted(
        only("li", "zhao", status=422), {"number": "A2000-0101-0001"}, lambda w: once(w) | {"words": "路灯坏了"}
    ),
    "open311-discovery": Door(everybody(200), DATED),
    "open311-nothing": Door(everybody(404), {"rest": "v2/else"}),
}
for prefix in ("open311", "open311-test"):
    PARTNERS |= {
        f"{prefix}-services": Door(everybody(200), DATED),
        f"{prefix}-service": Door(everybody(404), DATED | {"code": "nothing"}),
        f"{prefix}-requests": [Door(everybody(200), DATED), posted(everybody(403), DATED)],
        f"{prefix}-request": Door(everybody(404), lambda w: DATED | {"number": w.filed.appeal.number}),
        f"{prefix}-token": Door(everybody(404), DATED | {"token": "nothing"}),
    }
HOTLINE |= PARTNERS
