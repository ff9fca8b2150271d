"""Rows of the table of doors for residents' pages of works: everybody reads a project, a home's page by its code."""

from typing import Any

from house.doors import Door, everybody, once, posted
from house.doors_works import one, works


def opened(world: Any, **more: Any) -> dict[str, Any]:
    """The project with its page open."""
    return {"number": world.site.opened().number} | more


def letter(**more: Any) -> Any:
    """The code of a letter: whoever has it speaks for the home, whoever they are otherwise."""
    return lambda world: opened(world, code=world.site.home.code, **more)


def unknown(world: Any) -> dict[str, Any]:
    return opened(world, code="ACDE-FGHJ-KMNP")


def closed(world: Any) -> dict[str, Any]:
    """The works are over."""
    kwargs, project = opened(world), world.site.stage.project
    type(project).objects.filter(pk=project.pk).update(state="closed")
    return kwargs


def photo(world: Any) -> dict[str, Any]:
    return opened(world, pk=world.site.photo.pk)


def wrong_code(world: Any) -> dict[str, Any]:
    return once(world) | {"home_code": "ACDE-FGHJ-KMNP"}


WORKS_RESIDENTS: dict[str, Door | list[Door]] = {
    "works:public-list": Door(everybody(200)),
    "works:public": [
        Door(everybody(200), opened),
        Door(everybody(404), {"number": "W2026-9999"}),
        Door(everybody(404), one),  # nobody has opened its page
        posted(everybody(422), opened, wrong_code),
    ],
    "works:public-report": [Door(everybody(200), closed), Door(everybody(404), opened)],
    "works:public-version": [
        Door(everybody(200), lambda world: opened(world, n=1)),
        Door(everybody(404), lambda world: opened(world, n=9)),
    ],
    "works:public-file": Door(everybody(200), photo),
    "works:public-preview": Door(everybody(200), photo),
    "works:own-home": [Door(everybody(200), letter()), Door(everybody(404), unknown)],
    "works:own-stance": [posted(everybody(422), letter(), once), posted(everybody(404), unknown, once)],
    "works:own-objection": posted(everybody(422), letter(), once),
    "works:own-do": [
        posted(everybody(303), letter(what="take-back"), once),
        posted(everybody(404), letter(what="accept"), once),  # of no objection
        posted(everybody(404), letter(what="nothing"), once),
    ],
    "works:letters": [
        Door(works("zhao"), one),
        posted(works("zhao", status=422), one, once),  # no building chosen
    ],
    "works:board": Door(works("zhao"), one),
}
