"""The table of doors, for posters and cards, the office's own Word templates, and the page behind a door's code."""

from typing import Any

from django.utils import timezone

from house.doors import NOTHING, Door, everybody, once, only, posted

APPOINT = ("li", "zhao")  # who appoints stewards


def door(world: Any) -> dict[str, Any]:
    return {"code": world.cast.place("金桂苑1幢").code}


def made(world: Any) -> dict[str, Any]:
    """A print that is ready."""
    from chenyue.stewards.models import PrintJob

    at = timezone.now()
    found = PrintJob.objects.create(kind="poster", buildings=[1], state="ready", made_at=at, base="https://x.example")
    return {"pk": found.pk}


def file(world: Any) -> dict[str, Any]:
    """The same with its file."""
    from chenyue.stewards import printing
    from chenyue.stewards.models import PrintJob

    found = made(world)
    printing.path_of(PrintJob.objects.get(pk=found["pk"])).write_bytes(b"%PDF-1.7")
    return found


def left(world: Any) -> dict[str, Any]:
    """Words that somebody left at a door."""
    from chenyue.core.ids import receipt_code
    from chenyue.stewards.models import RelayedWord

    building, at = world.cast.place("金桂苑1幢"), timezone.now()
    row = RelayedWord.objects.create(building=building, receipt=receipt_code(), words="请来一下", at=at)
    return {"receipt": row.receipt}


REPORT = {"code": "works.closing"}
FILE = {"code": "works.closing", "what": "template"}
NO_PAPER = {"code": "no.such"}

PAPERS: dict[str, Door | list[Door]] = {
    "stewards:papers": [Door(only(*APPOINT)), posted(only(*APPOINT, status=422), data=once)],
    "stewards:print": [Door(only(*APPOINT), made), Door(only(*APPOINT, status=404), NOTHING)],
    "stewards:print-file": [Door(only(*APPOINT), file), Door(only(*APPOINT, status=404), NOTHING)],
    "desk:set-up-papers": Door(only("admin")),
    "desk:set-up-paper": [
        Door(only("admin"), REPORT),
        Door(only("admin", status=404), NO_PAPER),
        posted(only("admin", status=422), REPORT, once),
    ],
    "desk:set-up-paper-restore": posted(only("admin", status=303), REPORT, once),
    "desk:set-up-paper-file": [Door(only("admin"), FILE), Door(only("admin", status=404), NO_PAPER | {"what": "x"})],
    "portal:door-steward": [Door(everybody(200), door), Door(everybody(404), {"code": "QQQQQQ"})],
    "portal:left": [Door(everybody(200), left), Door(everybody(404), {"receipt": "ACDE-FGHJ-KMNP"})],
}
