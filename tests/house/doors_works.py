"""Rows of the table of doors for renewal works: who records, whose unit has a part, who runs them; nobody else."""

from typing import Any

from house.doors import REFUSED, TO_SIGN_IN, WHO, Door, Status, once, posted

RECORD = ("li", "zhao")
SEE = (*RECORD, "lin")  # lin's unit answers for the sample project
ALL = (*SEE, "sun")


def works(*names: str, status: Status = 200) -> dict[str, Status]:
    """Those named get `status`, other members are refused, and who hasn't signed in is sent to sign in."""
    return dict.fromkeys(WHO, REFUSED) | {"anonymous": TO_SIGN_IN} | dict.fromkeys(names, status)


def one(world: Any) -> dict[str, Any]:
    return {"number": world.site.number}


def of(name: str, attribute: str = "pk", key: str = "pk", **more: Any) -> Any:
    """The row of this name on the site, as a URL takes it."""
    return lambda world: one(world) | {key: getattr(getattr(world.site, name), attribute)} | more


def at_home(**more: Any) -> Any:
    return lambda world: one(world) | {"pk": world.site.home.pk} | {k: f(world.site) for k, f in more.items()}


def nobody(world: Any) -> dict[str, Any]:
    return one(world) | {"pk": 999_999}


def version(**more: Any) -> Any:
    return lambda world: one(world) | {"n": 1} | more


objection = of("objection", "number", "objection")
defect = of("defect", "number", "defect")


def with_words(world: Any) -> dict[str, Any]:
    return once(world) | {"words": "说明", "reason": "说明", "as": "good", "key": "none"}


WORKS: dict[str, Door | list[Door]] = {
    "works:projects": Door(works(*ALL)),
    "works:project-new": Door(works("zhao")),
    "works:project": [Door(works(*SEE), one), Door(works(), {"number": "W2026-9999"})],
    "works:project-edit": Door(works("zhao"), one),
    "works:project-move": Door(works("zhao"), lambda w: one(w) | {"to": "shown"}),
    "works:project-publish": posted(works("zhao", status=303), one, once),
    "works:calendar": Door(works(*SEE), one),
    "works:phase-new": Door(works("zhao"), one),
    "works:phase": Door(works("zhao"), of("phase")),
    "works:phase-cancel": Door(works("zhao"), of("phase")),
    "works:phase-move": posted(works("zhao", status=303), of("phase", to="running"), once),
    "works:postings": Door(works(*SEE), one),
    "works:posting-new": Door(works("zhao"), one),
    "works:posting": Door(works("zhao"), of("posting")),
    "works:posting-hang": Door(works(*SEE), of("posting")),
    "works:posting-withdraw": Door(works("zhao"), of("posting")),
    "works:defects": Door(works(*SEE), one),
    "works:defect-new": Door(works(*RECORD), one),
    "works:defect": Door(works(*RECORD), defect),  # the contractor's, not lin's
    "works:defect-answer": posted(works("zhao", status=303) | {"li": 403}, defect, with_words),
    "works:defect-check": posted(works(*RECORD, status=422), defect, with_words),  # nobody said that it's mended
    "works:photos": Door(works(*SEE), one),
    "works:file": Door(works(*SEE), of("photo")),
    "works:file-preview": Door(works(*SEE), of("photo")),
    "works:file-show": posted(works("zhao", status=303), of("photo"), once),
    "works:cases": Door(works(*SEE), one),
    "works:case-unlink": posted(works(*RECORD, status=303), of("link"), once),
    "works:register": Door(works(*RECORD), one),
    "works:register-import": [Door(works("zhao"), one), posted(works("zhao", status=422), one, once)],
    "works:register-errors": Door(works("zhao", status=404), one),  # of no table and no estate
    "works:register-empty": Door(works("zhao"), one),
    "works:doubts": Door(works("zhao"), one),
    "works:home-edit": Door(works("zhao"), at_home()),
    "works:home-owners": posted(works("zhao", status=422), at_home(), once),
    "works:home-do": [
        posted(works("zhao", status=303), at_home(what=lambda s: "code"), once),
        posted(works("zhao", status=404), at_home(what=lambda s: "nothing"), once),
    ],
    "works:report": Door(works(*RECORD), one),
    "works:report-file": [
        Door(works(*RECORD), lambda w: one(w) | {"kind": "word"}),
        Door(works(*RECORD, status=404), lambda w: one(w) | {"kind": "nothing"}),
    ],
    "works:door": Door(works(*RECORD), one),
    "works:paper": Door(works(*RECORD), one),
    "works:next-doors": [Door(works(*RECORD), one), Door(works(*RECORD), one, data={"print": "1"})],
    "works:home": [
        Door(works(*RECORD), at_home()),
        Door(works(*RECORD, status=404), lambda w: one(w) | {"pk": 999_999}),
    ],
    "works:say": [Door(works(*RECORD), at_home()), posted(works(*RECORD, status=422), at_home(), once)],
    "works:home-look": posted(works(*RECORD), at_home(), with_words),
    "works:ballot": posted(works(*RECORD, status=422), at_home(), once),
    "works:ballot-revoke": posted(works(*RECORD, status=404), at_home(ballot=lambda s: s.ballot.pk), once),
    "works:stance-withdraw": posted(works(*RECORD, status=303), at_home(stance=lambda s: s.stance.pk), once),
    "works:home-object": posted(works(*RECORD, status=422), at_home(), once),
    "works:dispute": posted(works(*RECORD, status=303), at_home(), with_words),
    "works:plans": Door(works(*SEE), one),
    "works:plan-new": Door(works("zhao"), one),
    "works:plan": Door(works("zhao"), version()),
    "works:compare": Door(works(*SEE), version()),
    "works:part-new": Door(works("zhao"), version()),
    "works:part": Door(works("zhao"), version(key="pipes")),
    "works:plan-do": posted(works("zhao", status=303), version(what="publish"), once),
    "works:objections": Door(works(*SEE), one),
    "works:objection-new": Door(works(*RECORD), one),
    "works:objection": Door(works(*SEE), objection),
    "works:objection-answer": posted(works(*SEE, status=422), objection, once),
    "works:objection-respond": posted(works(*RECORD, status=422), objection, once),
    "works:objection-give": posted(works(*SEE, status=422), objection, once),
    "works:objection-pass-on": posted(works(*SEE, status=422), objection, once),
    "works:objection-withdraw": posted(works(*RECORD, status=303), objection, once),
}
