"""Written stories: lives whose words and steps stand in `data/stories.toml` and `data/today.toml`.

A story of the past begins on a day, and its steps come so many hours `after`; one of today counts hours
`ago` from now, so that the desk is alive whenever the office is built.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from chenyue.cases import drafting, parting
from chenyue.cases.actions import ReporterData
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.demo.hands import Hands
from chenyue.demo.lives import Life, Lives
from chenyue.demo.matters import Said
from chenyue.demo.office import table
from chenyue.demo.pictures import picture
from chenyue.demo.residents import Voice
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.calendar import CHINA
from chenyue.workdays.queries import calendar

Step = dict[str, Any]
TODAY = 20  # hours; what was before is put into the daytime
PLAIN = {"return": Move.RETURN, "remind": Move.REMIND, "supervise": Move.SUPERVISE, "contact": Move.CONTACT}


def begin(lives: Lives, days: int) -> None:
    """Let all written stories begin that fit into the time that is lived."""
    now = lives.world.now
    for row in [*table("stories")["story"], *table("today")["story"]]:
        starts = _start(row, now)
        if row.get("ago", 0) > 2 * TODAY:
            starts = by_day(starts)
        if starts > now - timedelta(days=days) and starts < now:
            lives.world.begin(starts, Story(lives, row, starts).live())


def _start(row: Step, now: datetime) -> datetime:
    """When a story begins: so many hours ago, on a weekday some days ago, or on the last holiday evening."""
    if "ago" in row:
        return now - timedelta(hours=row["ago"])
    day = now.astimezone(CHINA).date() - timedelta(days=row["days_ago"])
    if row.get("holiday"):
        found = [d for d in calendar().holidays if day - timedelta(days=80) < d <= day]
        day = max(found, default=day) - timedelta(days=2 if found else 0)
    while row.get("weekday", day.weekday()) != day.weekday():
        day -= timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(row["clock"]), CHINA)


def by_day(moment: datetime) -> datetime:
    """The same day, but not in the night, when nobody would be at it."""
    local = moment.astimezone(CHINA)
    if local.hour < 8:
        return local.replace(hour=8, minute=20 + local.minute // 2)
    return local.replace(hour=19) if local.hour >= 20 else local


class Story:
    """One written story. Each step is a method named after its `do`."""

    def __init__(self, lives: Lives, row: Step, starts: datetime) -> None:
        self.lives, self.row, self.starts = lives, row, starts
        self.hands: Hands = lives.hands
        self.case: Case
        self.appeals: list[Appeal] = []
        self.units = {unit.code: unit.id for unit in catalogue().units}

    def live(self) -> Life:
        """File it, then step by step."""
        row = self.row
        self.case, appeal = self._file(row)
        self.appeals = [appeal]
        for step in row.get("steps", []):
            yield self._moment(step)
            method: Callable[[Step], None] = getattr(self, f"do_{step['do']}", self.do_plain)
            method(step)
        if row.get("goes_on"):
            yield from self.lives.afterwards(Case.objects.get(pk=self.case.pk))

    def _moment(self, step: Step) -> datetime:
        if "ago" in step:
            moment = self.hands.world.now - timedelta(hours=step["ago"])
            return by_day(moment) if step["ago"] > TODAY and self.case.urgency == Urgency.NORMAL else moment
        return self.starts + timedelta(hours=step["after"])

    def _file(self, row: Step, **more: Any) -> tuple[Case, Appeal]:
        place = self.hands.office.place(row["place"]) if row.get("place") else None
        said = Said(row["words"], place, row.get("room", ""))
        taker = self.hands.office.members[row["taken_by"]] if "taken_by" in row else None
        photos = [picture(row["code"], "report", self.hands.world.random)] if row.get("photo") else []
        return self.hands.file(
            said, row.get("channel", "web"), self._voice(row), taken_by=taker, attachments=photos, **more
        )

    def _voice(self, row: Step) -> Voice:
        if row.get("anonymous"):
            return Voice(ReporterData(nickname=row["anonymous"]), False)
        if "name" in row:
            return Voice(ReporterData(name=row["name"], phone=row["phone"]), True)
        return Voice(self.hands.residents.somebody_new(), True)

    def _lead(self) -> Any:
        return self.hands.officer(self.case)

    # Steps

    def do_plain(self, step: Step) -> None:
        """A move that needs only words."""
        by = self._lead() if step["do"] in ("return", "contact") else self.hands.clerk()
        details = {k: v for k, v in step.items() if k in ("words", "reason")}
        self.case = self.hands.move(self.case, PLAIN[step["do"]], by, **details)

    def do_triage(self, step: Step) -> None:
        """What it is; with `urgency` where the story says so."""
        more = {k: step[k] for k in ("urgency", "title") if k in step}
        self.case = self.hands.move(self.case, Move.TRIAGE, self.hands.clerk(), category_code=self.row["code"], **more)

    def do_dispatch(self, step: Step) -> None:
        """Triage and dispatch in one sitting."""
        self.do_triage(step)
        lead = self.units[step["lead"]] if "lead" in step else None
        self.case = self.hands.move(self.case, Move.DISPATCH, self.hands.clerk(), lead_id=lead)

    def do_accept(self, step: Step) -> None:
        """The unit takes it on; with `contact` it telephones at once."""
        self.case = self.hands.move(self.case, Move.ACCEPT, self._lead())
        if "contact" in step:
            self.case = self.hands.move(self.case, Move.CONTACT, self._lead(), words=step["contact"])

    def do_parts(self, step: Step) -> None:
        """Assisting units take their parts on; `some` of them only."""
        for part in self.hands.assists(self.case)[: step.get("some")]:
            self.hands.accept_part(self.case, part)

    def do_reports(self, step: Step) -> None:
        """Assisting units say what they did, in their order."""
        for part, done in zip(self.hands.assists(self.case), step["done"], strict=False):
            self.hands.report_part(self.case, part, done)

    def do_part(self, step: Step) -> None:
        """The message holds several matters: `lines` are the sentences of the others, `codes` their kinds."""
        clerk = self.hands.clerk()
        wanted = [parting.Part(tuple(lines), code) for lines, code in zip(step["lines"], step["codes"], strict=True)]
        message, at = self.appeals[0], self.hands.at
        fresh = parting.part(case=self.case, appeal=message, parts=wanted, by=clerk.actor(), at=at)
        for one, code in zip(fresh, step["codes"], strict=True):
            life = self.lives.worked_on(Case.objects.get(pk=one.case_id), self.hands.teller.matter(code))
            self.hands.world.begin(at + timedelta(minutes=5), life)
        self.case = Case.objects.get(pk=self.case.pk)

    def do_draft(self, step: Step) -> None:
        """The officer had a machine's draft, from the time when the office tried one."""
        told = {"kind": step["kind"], "model": step["model"], "outcome": "drafted"}
        by, at = self._lead(), self.hands.at
        record(
            subject=self.case.subject, verb="case.draft_asked", by=by.actor(), at=at, data=told,
            visible_to=VisibleTo.UNIT,
        )  # fmt: skip
        if step["kind"] == "answer":
            drafting.taken_over(case=self.case, by=by.actor(), at=at)

    def do_uphold(self, step: Step) -> None:
        """The objection is right: another unit leads."""
        lead = self.units[step["lead"]]
        self.case = self.hands.move(
            self.case, Move.UPHOLD_RETURN, self.hands.clerk(), lead_id=lead, assist_ids=[], words=step["words"]
        )

    def do_refuse(self, step: Step) -> None:
        """The objection is wrong."""
        self.case = self.hands.move(self.case, Move.REFUSE_RETURN, self.hands.clerk(), words=step["words"])

    def do_suspend(self, step: Step) -> None:
        """On hold until a day, counted from this step."""
        until = self.hands.at + timedelta(days=step["days"])
        self.case = self.hands.move(self.case, Move.SUSPEND, self._lead(), reason=step["words"], until=until)

    def do_extend(self, step: Step) -> None:
        """More time is asked for."""
        due = self.case.resolve_due_at or self.hands.at
        self.case = self.hands.move(
            self.case, Move.EXTEND, self._lead(), reason=step["words"], new_due_at=due + timedelta(days=step["days"])
        )

    def do_grant(self, step: Step) -> None:
        """The director grants it."""
        by = self.hands.office.members["zhao"]
        self.case = self.hands.move(self.case, Move.EXTEND, by, decision="grant", words=step["words"])

    def do_whistle(self, step: Step) -> None:
        """The director calls the units together."""
        by = self.hands.office.members["zhao"]
        meeting = self.hands.at + timedelta(hours=step["hours"])
        called = [self.units[code] for code in step["units"]]
        self.case = self.hands.move(
            self.case, Move.WHISTLE, by, words=step["words"], meeting_at=meeting, place=step["place"], unit_ids=called
        )

    def do_note(self, step: Step) -> None:
        """An internal note of who leads, or of the centre."""
        self.hands.note(self.case, self._lead() if self.case.lead_id else self.hands.clerk(), step["words"])

    def do_add(self, step: Step) -> None:
        """The reporter adds words."""
        self.hands.add(self.appeals[step.get("voice", 0)], step["words"])

    def do_photos(self, step: Step) -> None:
        """What it looked like before, and after."""
        for stage in step["stages"]:
            self.hands.show(self.case, self._lead(), [picture(self.row["code"], stage, self.hands.world.random)], stage)

    def do_voice(self, step: Step) -> None:
        """A neighbour says the same and follows this case."""
        row = {"code": self.row["code"], "place": self.row["place"]} | step
        case, appeal = self._file(row, join_number=self.case.number)
        self.case, self.appeals = case, [*self.appeals, appeal]

    def do_join(self, step: Step) -> None:
        """A neighbour says the same in a case of its own; the centre joins it to this one."""
        row = {"code": self.row["code"], "place": self.row["place"]} | step
        other, appeal = self._file(row)
        self.hands.move(other, Move.JOIN, self.hands.clerk(), into=Case.objects.get(pk=self.case.pk))
        self.appeals = [*self.appeals, appeal]

    def do_answer(self, step: Step) -> None:
        """The answer to everyone."""
        self.case = self.hands.move(
            self.case, Move.ANSWER, self._lead(), told=step["told"], done=step.get("done", ""),
            result=step.get("result", "resolved"),
        )  # fmt: skip

    def do_settle(self, step: Step) -> None:
        """Received, handled and answered in one sitting."""
        by = self.hands.office.members["li"]
        self.case = self.hands.move(self.case, Move.TRIAGE, by, category_code=self.row["code"])
        self.case = self.hands.move(self.case, Move.SETTLE, by, told=step["told"])

    def do_decline(self, step: Step) -> None:
        """Not ours, with the right road."""
        self.case = self.hands.move(
            self.case, Move.DECLINE, self.hands.clerk(), reason=step["reason"], told=step["told"],
            route_away=step["road"],
        )  # fmt: skip

    def do_call(self, step: Step) -> None:
        """A call that brought no rating."""
        self.hands.call(self.hands.asked(self.case)[0], step["words"])

    def do_rate(self, step: Step) -> None:
        """The next reporter who wasn't asked yet says what they think."""
        asked = self.hands.asked(self.case)
        by = self.hands.office.members["li"] if step.get("by_phone") else None
        grade = step.get("grade", "satisfied")
        self.hands.rate(
            asked[0], grade, step.get("solved", grade != "dissatisfied"), step.get("words", ""),
            reasons=step.get("reasons", []), contacted=True, by=by,
        )  # fmt: skip

    def do_reopen(self, step: Step) -> None:
        """The refused answer is taken back: a new round."""
        self.hands.decide(self.case, True, step["words"])
        self.case = Case.objects.get(pk=self.case.pk)

    def do_explain(self, step: Step) -> None:
        """The refused answer is explained."""
        self.hands.decide(self.case, False, step["words"])
