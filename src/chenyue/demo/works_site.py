"""Objections with their answers, notices, calendar and defects of the demo office's renewal works."""

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.demo.works_estate import LENGTH, SECOND, Renewal
from chenyue.notify.actions import quietly
from chenyue.works import actions, links
from chenyue.works.lifecycle import Step
from chenyue.works.models import CaseLink, Objection, RegisteredHome, Stance
from chenyue.works.site import calendar, defects, postings

LINKED = 5  # cases of the estate that were born of the works
ANSWERED, REPLIED = 3, 2  # days after which an objection is answered, and the home replies
Row = dict[str, Any]


def live(found: Renewal, day: int) -> None:
    """Everything of one day but visits and ballots: objections with their answers, notices, calendar, defects."""
    for number, row in enumerate(found.data["objection"]):
        _objection(found, number, row, day)
    for row in found.data["posting"]:
        if row["day"] == day:
            _posting(found, row)
    for number, row in enumerate(found.data["phase"]):
        _phase(found, number, row, day)
    for number, row in enumerate(found.data["defect"]):
        _defect(found, number, row, day)


def _objection(found: Renewal, number: int, row: Row, day: int) -> None:
    li, luo = found.actor("li"), found.actor("luo")
    answered = min(row["day"] + ANSWERED, LENGTH - 1)
    if day == row["day"]:
        stance = _whose(found, row)
        found.rows["objection", number] = actions.raise_objection(
            project=found.project, home=stance.home, stance=stance, words=row["words"], reasons=row["reasons"],
            by=li, at=found.at(day, 15),
        )  # fmt: skip
    one = found.rows.get(("objection", number))
    if one is None or "answer" not in row:
        return
    if day == answered:
        actions.answer_objection(
            objection=one, decision=row["decision"], words=row["answer"], changes=row.get("changes", []), by=luo,
            at=found.at(day, 11),
        )  # fmt: skip
    if day == answered + REPLIED and not row.get("waits"):
        _reply(found, one, row, day)


def _reply(found: Renewal, one: Objection, row: Row, day: int) -> None:
    """The home accepts and changes its mind, keeps its objection, or takes it back."""
    li, at = found.actor("li"), found.at(day, 17)
    if row.get("kept") or not row.get("after"):
        actions.respond(objection=one, accepted=False, words=row.get("kept", "还是不放心。"), by=li, at=at)
        if not row.get("kept"):
            actions.withdraw_objection(objection=one, by=li, at=found.at(day, 17.5))
        return
    actions.respond(objection=one, accepted=True, step=row["after"], by=li, at=at)
    found.like[one.home_id or 0] = {Step.SUPPORT: "fan", Step.RATHER_SUPPORT: "mild"}.get(row["after"], "doubt")
    found.spoken.add(one.home_id or 0)


def _whose(found: Renewal, row: Row) -> Stance:
    """A home that was against it for one of these reasons; any that was against it, else any that spoke."""
    said = Stance.objects.filter(plan=found.plan, counts=True, superseded_at=None, at__lte=found.at(row["day"], 14))
    said = said.exclude(home__in=Objection.objects.filter(project=found.project).values("home"))
    rows = list(said.select_related("home").order_by("pk"))
    against = [s for s in rows if s.step in (Step.AGAINST, Step.RATHER_AGAINST)]
    fitting = [s for s in against if set(s.reasons) & set(row["reasons"])]
    return (fitting or against or rows or [_first(found, row)])[0]


def _first(found: Renewal, row: Row) -> Stance:
    home: RegisteredHome = found.homes[row["day"]]
    return actions.take_stance(
        home=home, plan=found.plan, step=Step.AGAINST, how="door", reasons=row["reasons"], by=found.actor("li"),
        at=found.at(row["day"], 14),
    )  # fmt: skip


def _posting(found: Renewal, row: Row) -> None:
    by, at = found.actor("qiu"), found.at(row["day"], 10.5)
    one = postings.save_posting(
        project=found.project, kind=row["kind"], title=row["title"], text=row["text"], display=row["display"],
        plan=found.plans[row["version"]] if "version" in row else None, by=by, at=at,
        places=["北门公示栏", *found.buildings(["1", "5", "9", "13"])],
    )  # fmt: skip
    postings.post(posting=one, on=timezone.localtime(at).date(), by=by, at=at)


def _phase(found: Renewal, number: int, row: Row, day: int) -> None:
    today, luo = timezone.localtime(found.now).date(), found.actor("luo")
    if day == row["told"]:
        hours: list[Any] = [time.fromisoformat(hour) for hour in row.get("hours", ())] or [None, None]
        found.rows["phase", number] = calendar.save_phase(
            project=found.project, kind=row["kind"], title=row["title"], words=row.get("words", ""),
            by=found.actor("qiu"), at=found.at(day, 9), starts_on=today + timedelta(days=row["from"]),
            ends_on=today + timedelta(days=row["to"]), from_time=hours[0], to_time=hours[1],
            buildings=found.buildings(row.get("buildings", [])),
        )  # fmt: skip
    one: Any = found.rows.get(("phase", number))
    if day == LENGTH + row["from"] and (row.get("running") or row.get("done")):
        calendar.move_phase(phase=one, to="running", by=luo, at=found.at(day, 9.5))
    if day == LENGTH + row["to"] and row.get("done"):
        calendar.move_phase(phase=one, to="done", by=luo, at=found.at(day, 17))


def _defect(found: Renewal, number: int, row: Row, day: int) -> None:
    li, luo, since = found.actor("li"), found.actor("luo"), day - row["day"]
    if since == 0:
        found.rows["defect", number] = defects.report(
            project=found.project, building=found.buildings([row["building"]])[0], spot=row["spot"],
            words=row["words"], complaint=row.get("complaint", False), by=li, at=found.at(day, 16),
        )  # fmt: skip
    one: Any = found.rows.get(("defect", number))
    if since == 1 and row.get("disputed"):
        defects.dispute(defect=one, words=row["disputed"], by=luo, at=found.at(day, 10))
    if since == 2 and row.get("mended"):
        defects.mended(defect=one, words=row["mended"], by=luo, at=found.at(day, 16.5))
    if since == 3 and row.get("good"):
        defects.check(defect=one, good=True, by=li, at=found.at(day, 10))


def today(found: Renewal) -> None:
    """Cases of the estate that the works gave birth to are linked, once there are any."""
    near = Case.objects.filter(building__in=found.buildings([str(n) for n in range(1, 15)]))
    with quietly():
        for case in near.filter(received_at__gte=found.at(SECOND)).order_by("-pk")[:LINKED]:
            known = CaseLink.Known.SITE if case.pk % 2 else CaseLink.Known.STAFF
            links.link(project=found.project, case=case, how=known, by=found.actor("li"), at=case.received_at)
