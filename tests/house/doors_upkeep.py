"""Rows of the table of doors for backups (only who looks after the machine) and for how long things are kept."""

from typing import Any

from house.doors import Door, once, only, posted


def _asked(world: Any) -> dict[str, Any]:
    """A request of the administrator, who can't agree with themselves."""
    from chenyue.upkeep.models import KeepRequest

    row, _new = KeepRequest.objects.get_or_create(
        kind="people.contacts", state="asked",
        defaults={"days": 365, "reason": "按规定", "asked_by": world.cast.admin, "asked_at": world.cast.now},
    )  # fmt: skip
    return {"pk": row.pk}


def _held(world: Any) -> dict[str, Any]:
    from chenyue.upkeep.models import KeepHold

    row, _new = KeepHold.objects.get_or_create(
        number=world.filed.case.number, lifted_at=None,
        defaults={"reason": "诉讼中", "made_by": world.cast.admin, "made_at": world.cast.now},
    )  # fmt: skip
    return {"pk": row.pk}


def _in_force(world: Any) -> dict[str, Any]:
    from chenyue.core import office

    office.put(keep_days={"notify.letters": 365})
    return {"kind": "notify.letters"}


def _hold(world: Any) -> dict[str, Any]:
    return once(world) | {"number": world.filed.case.number, "reason": "诉讼中未结"}


MARK = {"mark": "000000000000"}  # nothing was set aside: see tests/upkeep/test_spooled.py
UPKEEP: dict[str, Door | list[Door]] = {
    "upkeep:backups": Door(only("admin")),
    "upkeep:backup-folder": posted(only("admin", status=422)),
    "upkeep:backup-rules": posted(only("admin", status=422)),
    "upkeep:backup-begin": posted(only("admin", status=303)),
    "upkeep:backup-sheet": [posted(only("admin", status=303)), posted(only("admin"), data=once)],
    "upkeep:backup-put-away": posted(only("admin", status=303)),
    "upkeep:backup-renew": posted(only("admin", status=303)),
    "upkeep:keeping": Door(only("zhao", "admin")),
    "upkeep:keeping-kind": Door(only("zhao", "admin"), {"kind": "people.contacts"}),
    "upkeep:keeping-choose": [
        posted(only("zhao", "admin", status=422), {"kind": "people.sign_ins"}),
        posted(only("zhao", "admin", status=303), {"kind": "people.sign_ins"}, lambda w: once(w) | {"days": 400}),
    ],
    "upkeep:keeping-ask": posted(only("zhao", "admin", status=422), {"kind": "mediation.contacts"}),
    "upkeep:keeping-agree": posted(only("zhao", "admin", status=303), _asked),
    "upkeep:keeping-refuse": posted(only("zhao", "admin", status=303), _asked),
    "upkeep:keeping-stop": posted(only("zhao", "admin", status=303), _in_force),
    "upkeep:keeping-hold": [
        posted(only("zhao", "admin", status=422)),
        posted(only("zhao", "admin", status=frozenset({303, 422})), data=_hold),
    ],
    "upkeep:keeping-lift": posted(only("zhao", "admin", status=303), _held),
    "upkeep:spooled": Door(only("li", "zhao")),
    "upkeep:spooled-one": [Door(only("li", "zhao", status=404), MARK), posted(only("li", "zhao", status=404), MARK)],
    "upkeep:spooled-again": posted(only("li", "zhao", status=303), MARK),
    "upkeep:spooled-discard": posted(only("li", "zhao", status=404), MARK),
}
