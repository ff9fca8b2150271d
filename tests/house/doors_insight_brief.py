"""Rows of the table of doors for briefs and open data: drafts are for who releases, what is released for readers."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from house.doors import Door, everybody, once, only, posted

SEE = ("li", "lin", "zhao", "sun", "audit")
WHOLE = ("li", "zhao", "audit")  # who sees the figures of the whole office
NOT_YET = {"li": 404, "lin": 404, "sun": 404, "audit": 404}
MONTH = {"month": "2026-10"}


def written(weeks_before: int) -> Any:
    """The brief of a week, written once however often a row asks for it."""
    from chenyue.insight import following
    from insight.brief_stage import MONDAY
    from insight.brief_stage import drafted as made

    following.follow(timezone.now())
    return made(day=MONDAY - timedelta(weeks=weeks_before))


def drafted(**more: Any) -> Any:
    return lambda world: {"pk": written(0).pk} | more


def released(**more: Any) -> Any:
    def made(world: Any) -> dict[str, Any]:
        from chenyue.insight.brief import acts

        brief = written(1)
        if brief.state == "draft":
            acts.release(brief=brief, by=world.cast.zhao.actor(), at=timezone.now())
        return {"pk": brief.pk} | more

    return made


def on(**more: Any) -> Any:
    def made(world: Any) -> dict[str, Any]:
        from chenyue.core import office

        office.put(open_data=True)
        return more

    return made


def month(world: Any) -> dict[str, Any]:
    from cast import NOW
    from chenyue.insight.opendata import acts

    on()(world)
    acts.make(month=NOW.date().replace(month=10), by=world.cast.zhao.actor(), at=NOW)
    return MONTH


BRIEFS: dict[str, Door | list[Door]] = {
    "insight:briefs": Door(only(*SEE)),
    "insight:brief-new": Door(only("zhao")),
    "insight:brief-readers": Door(only("zhao")),
    "insight:brief": [
        Door(only("zhao") | NOT_YET, drafted()),
        Door(only(*WHOLE) | {"lin": 404, "sun": 404}, released()),
    ],
    "insight:brief-edit": Door(only("zhao"), drafted()),
    "insight:brief-preview": Door(only("zhao"), drafted(kind="xlsx")),
    "insight:brief-file": [
        Door(only(*WHOLE) | {"lin": 404, "sun": 404}, released(kind="xlsx")),
        Door(only("zhao", status=404) | NOT_YET, drafted(kind="xlsx")),
    ],
    "insight:brief-release": posted(only("zhao", status=303), drafted(), once),
    "insight:brief-again": posted(only("zhao", status=303), drafted(), once),
    "insight:brief-take-back": Door(only("zhao"), released()),
    "insight:open-public": [Door(everybody(404)), Door(everybody(200), on())],
    "insight:open-table": [Door(everybody(404), MONTH), Door(everybody(404), month)],
    "insight:open-list": Door(only("zhao"), on()),
    "insight:open-settings": Door(only("zhao")),
    "insight:open-month": Door(only("zhao"), month),
    "insight:open-publish": posted(only("zhao", status=303), month, once),
    "insight:open-withdraw": Door(only("zhao"), month),
}
