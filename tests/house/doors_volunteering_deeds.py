"""Rows of the table of doors: volunteers, needs, activities, sign-ups."""

from typing import Any

from house.doors import Door, everybody, number, once, only, posted

SEES = ("li", "zhao", "audit", "lin", "sun")  # lin and sun: their own units' things
READ = ("li", "zhao", "audit", "lin")  # the sample rows belong to drainage, lin's unit
SERVE = ("li", "zhao")
HELP = ("li", "zhao", "lin")  # who serves, or organises there
RUN = ("zhao", "lin")  # who organises for drainage


def of(name: str, **more: Any) -> Any:
    """The number of a thing of the stage, as a URL takes it."""
    return lambda world: {"number": getattr(world.helped, name).number} | more


def with_row(name: str, row: str) -> Any:
    return lambda world: {"number": getattr(world.helped, name).number, "pk": getattr(world.helped, row).pk}


need, activity, volunteer = of("need"), of("activity"), of("volunteer")
NO_PHOTO = of("activity", pk=999_999)


def week(world: Any) -> dict[str, Any]:
    return {"pk": world.helped.week.pk}


def small(name: str, who: tuple[str, ...], kwargs: Any) -> dict[str, Door | list[Door]]:
    """A small form: shown, and refused empty."""
    return {f"volunteering:{name}": [Door(only(*who), kwargs), posted(only(*who, status=422), kwargs, once)]}


def button(name: str, who: tuple[str, ...], kwargs: Any, **status: Any) -> dict[str, Door | list[Door]]:
    """A button: what is refused is said above the page that follows."""
    return {f"volunteering:{name}": posted(only(*who, status=303) | status, kwargs, once)}


VOLUNTEERING_DEEDS: dict[str, Door | list[Door]] = {
    "volunteering:overview": Door(only(*SEES)),
    "volunteering:of-case": Door(only("li", "lin", "zhao"), number),
    "volunteering:needs": [Door(only(*SEES)), Door(only(*SEES), data={"show": "late", "q": "陪", "cursor": "x"})],
    "volunteering:need": [Door(only(*READ), need), Door(only(), {"number": "N2026-9999"})],
    "volunteering:need-ends": [
        Door(only(*RUN), of("need", move="decline")),
        Door(only(*HELP), of("need", move="withdraw")),
        Door(only(), of("need", move="nothing")),
        posted(only(*RUN, status=422), of("need", move="decline"), once),
    ],
    "volunteering:activities": [Door(only(*SEES)), Door(only(*SEES), data={"show": "ended", "q": "清"})],
    "volunteering:activity": Door(only(*READ), activity),
    "volunteering:activity-photos": posted(only(*RUN, status=422), activity, once),
    "volunteering:activity-photo": Door(only(), NO_PHOTO),
    "volunteering:activity-photo-remove": posted(only(), NO_PHOTO, once),
    "volunteering:activity-sign-up": posted(only(*HELP, status=422), activity, once),
    "volunteering:volunteers": [Door(only(*SEES)), Door(only(*SEES), data={"q": "13700000001", "skill": "1"})],
    "volunteering:volunteer": Door(only(*READ), volunteer),
    "volunteering:skills": Door(only(*SEES)),
    "volunteering:week": [
        Door(only("zhao"), week),
        posted(only("zhao", status=303), week, lambda w: once(w) | {"pairs": "x"}),
    ],
    "volunteering:weeks": [Door(only("zhao")), posted(only("zhao", status=422), data=once)],
    "volunteering:public": [
        Door(everybody(200)),
        Door(everybody(200), data={"near": "金桂苑", "when": "week", "long": "60", "kind": "x", "community": "y"}),
    ],
    "volunteering:public-activity": [
        Door(everybody(200), activity),
        Door(everybody(404), {"number": "V2026-9999"}),
    ],
    "volunteering:public-calendar": Door(everybody(200), activity),
    "volunteering:public-photo": Door(everybody(404), NO_PHOTO),
    "volunteering:public-sign-up": posted(everybody(303), activity, once),
    "volunteering:public-withdraw": posted(everybody(303), activity, once),
    "volunteering:ask": [Door(everybody(200)), posted(everybody(422), data=once)],
    "volunteering:own-calendar": Door(everybody(404), {"token": "1.nothing-like-this"}),
}
VOLUNTEERING_DEEDS |= small("need-new", ("li", "zhao", "lin", "sun"), {})
VOLUNTEERING_DEEDS |= small("need-edit", HELP, need)
VOLUNTEERING_DEEDS |= small("need-activity", RUN, need)
VOLUNTEERING_DEEDS |= small("need-contact", HELP, need)
VOLUNTEERING_DEEDS |= button("need-verify", RUN, need)
VOLUNTEERING_DEEDS |= button("need-again", HELP, need)
VOLUNTEERING_DEEDS |= small("activity-new", ("lin", "sun", "zhao"), {})
for _name in ("edit", "call-off"):
    VOLUNTEERING_DEEDS |= small(f"activity-{_name}", RUN, activity)
VOLUNTEERING_DEEDS |= small("activity-copies", RUN, activity)
for _name in ("open", "finish", "invite"):
    VOLUNTEERING_DEEDS |= button(f"activity-{_name}", RUN, activity)
VOLUNTEERING_DEEDS |= button("activity-withdraw", HELP, with_row("activity", "sign_up"))
VOLUNTEERING_DEEDS |= button("activity-mark", RUN, with_row("activity", "sign_up"))
VOLUNTEERING_DEEDS |= small("volunteer-new", SERVE, {})
VOLUNTEERING_DEEDS |= small("volunteer-offer", SERVE, volunteer)
VOLUNTEERING_DEEDS |= small("volunteer-licence", SERVE, volunteer)
VOLUNTEERING_DEEDS |= {"volunteering:volunteer-person": Door(only(*SERVE), volunteer)}
VOLUNTEERING_DEEDS |= small("volunteer-contact", HELP, volunteer)
VOLUNTEERING_DEEDS |= button("volunteer-move", SERVE, of("volunteer", move="rest"))
VOLUNTEERING_DEEDS |= small("skill-new", SERVE, {})
VOLUNTEERING_DEEDS |= {"volunteering:skill": Door(only(*SERVE), lambda w: {"pk": w.helped.skill.pk})}
VOLUNTEERING_DEEDS |= button("skills-usual", SERVE, {})
VOLUNTEERING_DEEDS |= button("week-drop", ("zhao",), week)
