"""Rows of the table of doors for small pains and root-cause projects: who sees figures, who decides, the owner."""

from typing import Any

from house.doors import REFUSED, TO_SIGN_IN, WHO, Door, Status, once, only, posted

SEE = ("li", "lin", "zhao", "sun", "audit")
ALL = ("li", "zhao", "audit")  # who sees the figures of the whole office
LATE = 422


def root(world: Any, **more: Any) -> dict[str, Any]:
    return {"number": world.pained.project.number} | more


def pain(world: Any) -> dict[str, Any]:
    return {"pk": world.pained.pain.pk}


def picture(world: Any) -> dict[str, Any]:
    return root(world, token=world.pained.pictured())


def runs(status: Status, hidden: Status = 404) -> dict[str, Status]:
    """Who runs the sample project: zhao, and lin whose it is; others who see it are refused, the rest see nothing."""
    return (
        dict.fromkeys(WHO, hidden)
        | {"anonymous": TO_SIGN_IN}
        | dict.fromkeys(("li", "audit"), 403)
        | dict.fromkeys(("zhao", "lin"), status)
    )


def seen(status: Status = 200) -> dict[str, Status]:
    return dict.fromkeys(WHO, REFUSED) | {"anonymous": TO_SIGN_IN} | dict.fromkeys((*ALL, "lin"), status)


def with_reason(world: Any) -> dict[str, Any]:
    return once(world) | {"reason": "房子要拆。"}


def decided(world: Any) -> dict[str, Any]:
    return once(world) | {"to": "seen", "reason": "", "version": 1}


def done_today(world: Any) -> dict[str, Any]:
    return once(world) | {"done_on": world.pained.today.isoformat()}


PAINS: dict[str, Door | list[Door]] = {
    "insight:pains": Door(only(*SEE)),
    "insight:pains-look": posted(only("zhao", status=303), data=once),
    "insight:pain": [
        Door(only(*ALL), pain),  # another unit leads the kind
        posted(only("zhao", status=303), pain, decided),
        Door(only(), {"pk": 999_999}),
    ],
    "insight:roots": Door(only(*SEE)),
    "insight:root-new": [Door(only("zhao")), posted(only("zhao", status=LATE), data=once)],
    "insight:root": [Door(seen(), root), Door(only(), {"number": "R2020-9999"})],
    "insight:root-edit": [Door(runs(200), root), posted(runs(LATE), root, once)],
    "insight:root-done": posted(runs(303), root, done_today),
    "insight:root-stop": posted(runs(303), root, with_reason),
    "insight:root-reopen": posted(runs(409), root, with_reason),  # it is being worked on
    "insight:root-photos": posted(runs(LATE), root, once),
    "insight:root-photo": Door(seen(), picture),
    "insight:root-photo-small": Door(seen(), picture),
    "insight:root-photo-remove": posted(runs(303), picture, once),
}
