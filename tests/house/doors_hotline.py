"""Doors of hotline tables."""

from typing import Any

from house.doors import NOTHING, Door, once, only, posted

MAY = ("li", "zhao")
HOTLINE: dict[str, Any] = {
    "gateway:hotline": Door(only(*MAY)),
    "gateway:hotline-batch": Door(only(*MAY, status=404), NOTHING),
    "gateway:hotline-act": posted(only(*MAY, status=404), NOTHING | {"act": "file"}, once),
    "gateway:hotline-errors": Door(only(*MAY, status=404), NOTHING),
    "gateway:hotline-answers": posted(only(*MAY, status=404), NOTHING, once),
}
