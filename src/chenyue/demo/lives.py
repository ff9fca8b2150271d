"""Ordinary lives of cases: what comes in, who works on it, how it ends. Written ones are in `scripted`."""

from collections.abc import Generator
from datetime import datetime, timedelta

from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case
from chenyue.catalogue.models import Urgency
from chenyue.demo.hands import Hands
from chenyue.demo.matters import Matter
from chenyue.demo.office import table
from chenyue.demo.pictures import picture
from chenyue.followup.models import Callback

Life = Generator[datetime, None, None]
To = Generator[datetime, None, Case]  # a stretch of a life that hands the case back
AT_ONCE = ("1201", "1005", "1206")  # what a counter often settles while the person sits there

STEWARDS = (("wang", "金桂苑1幢"), ("wang", "金桂苑1幢"), ("yuan", "丹桂花园1幢"))


class Lives:
    """The lives that cases of the demo office lead."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.world, self.members = hands, hands.world, hands.office.members
        self.phrases: dict[str, list[str]] = table("phrases")

    def phrase(self, kind: str) -> str:
        """One of our own sentences for a purpose."""
        return self.world.random.choice(self.phrases[kind])

    def soon(self, case: Case, least: float, most: float) -> datetime:
        """So many hours later: by the wall if it is urgent, else in working time."""
        if case.urgency == Urgency.NORMAL:
            return self.world.at_work(least, most)
        return self.world.after(least / 2, most / 2)

    def ordinary(self, channel: str) -> Life:
        """Something comes in and goes the usual way."""
        hands, world = self.hands, self.world
        matter = hands.teller.matter()
        if channel == "steward":
            return (yield from self._told_to_steward())
        said = hands.teller.say(matter)
        photos = [picture(matter.code, "report", world.random)] if channel == "web" and world.chance(0.08) else []
        case, appeal = hands.file(said, channel, attachments=photos)
        if channel in ("reception", "phone") and (matter.code in AT_ONCE or world.chance(0.05)):
            yield world.after(0.05, 0.3)
            hands.move(case, Move.TRIAGE, hands.clerk(), category_code=matter.code)
            case = hands.move(case, Move.SETTLE, hands.clerk(), told=matter.told, result="explained")
            return (yield from self.afterwards(case))
        if world.chance(0.06):
            yield world.after(0.3, 6)
            hands.add(appeal, self.phrase("added"))
        return (yield from self.worked_on(case, matter))

    def _told_to_steward(self) -> Life:
        steward, home = self.world.random.choice(STEWARDS)
        matter = self.hands.teller.matter("0102", "0301", "0303", "0402", "0405", "0607", "0612", "0802", "1003")
        said = self.hands.teller.say(matter, self.hands.office.place(home))
        case, _appeal = self.hands.file(said, "steward", taken_by=self.members[steward])
        return (yield from self.worked_on(case, matter))

    def worked_on(self, case: Case, matter: Matter) -> Life:
        """Triage, dispatch, the units' work, the answer, and what people think of it."""
        hands, world = self.hands, self.world
        yield self._looked_at(case)
        hands.move(case, Move.TRIAGE, hands.clerk(), category_code=matter.code)
        if world.chance(0.02):
            told = "这件事不属于街道职责。我们把该找的地方和电话写给您，材料可以先拿来我们帮您看。"
            hands.move(case, Move.DECLINE, hands.clerk(), reason="不属于街道职责范围", told=told, route_away="诉讼")
            return
        case = hands.move(case, Move.DISPATCH, hands.clerk())
        if world.chance(0.055):
            yield self.soon(case, 0.4, 2.5)
            case = yield from self.returned(case)
        yield self.soon(case, 0.2, 3) if case.urgency != Urgency.EMERGENCY else world.after(0.02, 0.1)
        case = hands.move(case, Move.ACCEPT, hands.officer(case))
        yield self.soon(case, 0.3, 5)
        hands.move(case, Move.CONTACT, hands.officer(case), words=self.phrase("contact"))
        case = yield from self._meanwhile(case)
        yield from self._assisting(case, matter)
        case = yield from self._answered(case, matter)
        yield from self.afterwards(case)

    def _looked_at(self, case: Case) -> datetime:
        """When the centre looks at it: every day by day, at night only what is urgent."""
        if case.urgency == Urgency.EMERGENCY:
            return self.world.after(0.03, 0.15)
        local = self.world.at.astimezone(self.world.zone)
        if 7 <= local.hour < 21:
            return self.world.after(0.1, 1.4)
        if case.urgency == Urgency.URGENT:
            return self.world.after(0.1, 0.8)
        morning = local.replace(hour=7, minute=0) + timedelta(days=1 if local.hour >= 21 else 0)
        return morning + timedelta(minutes=self.world.random.randint(5, 100))

    def returned(self, case: Case) -> To:
        """The unit objects; the centre decides."""
        hands, office = self.hands, self.hands.office
        hands.move(case, Move.RETURN, hands.officer(case), reason="not_our_duty", words=self.phrase("return"))
        yield self.soon(case, 0.5, 3)
        if self.world.chance(0.6):
            return hands.move(case, Move.REFUSE_RETURN, hands.clerk(), words=self.phrase("refuse_return"))
        other = self.world.random.choice([pk for pk in office.officers if pk != case.lead_id])
        return hands.move(case, Move.UPHOLD_RETURN, hands.clerk(), lead_id=other, words="按新职责清单改派。")

    def _meanwhile(self, case: Case) -> To:
        """What happens to some cases before their answer: a note, a hold, more time."""
        hands, world = self.hands, self.world
        by = hands.officer(case)
        if world.chance(0.25):
            yield self.soon(case, 0.2, 1)
            hands.note(case, by, self.phrase("note"))
        if case.urgency == Urgency.NORMAL and world.chance(0.06):
            yield world.at_work(1, 6)
            until = world.at + timedelta(days=world.random.randint(3, 9))
            hands.move(case, Move.SUSPEND, by, reason=self.phrase("suspend"), until=until)
            yield until + timedelta(minutes=5)  # the clock resumes it by itself
        elif case.urgency == Urgency.NORMAL and world.chance(0.07) and case.resolve_due_at:
            yield world.at_work(2, 8)
            later = case.resolve_due_at + timedelta(days=world.random.randint(3, 10))
            hands.move(case, Move.EXTEND, by, reason=self.phrase("extend"), new_due_at=later)
            yield world.at_work(1, 7)
            granted = world.chance(0.75)
            words = "同意，请提前告诉诉求人。" if granted else "时间够用，请按原承诺办。"
            decision = "grant" if granted else "refuse"
            hands.move(case, Move.EXTEND, self.members["zhao"], decision=decision, words=words)
        return Case.objects.get(pk=case.pk)

    def _assisting(self, case: Case, matter: Matter) -> Life:
        hands = self.hands
        for part in hands.assists(case):
            yield self.soon(case, 0.2, 2)
            hands.accept_part(case, part)
        for part in hands.assists(case):
            yield self.soon(case, 0.5, 5)
            hands.report_part(case, part, self.phrase("part"))

    def _answered(self, case: Case, matter: Matter) -> To:
        """The answer: mostly within the promise, now and then late."""
        hands, world = self.hands, self.world
        case = Case.objects.get(pk=case.pk)
        left = max((case.resolve_due_at or world.at) - world.at, timedelta(minutes=20))
        share = world.random.uniform(1.03, 1.5) if world.chance(0.06) else world.random.uniform(0.1, 0.75)
        moment = world.at + left * share
        yield moment if case.urgency != Urgency.NORMAL else world.at_work_from(moment, 0, 1.5)
        by = hands.officer(case)
        if world.chance(0.1):
            hands.show(case, by, [picture(matter.code, "before", world.random)], "before")
            hands.show(case, by, [picture(matter.code, "after", world.random)], "after")
        result = "explained" if world.chance(0.12) else "resolved"
        return hands.move(case, Move.ANSWER, by, done=matter.done, told=matter.told, result=result)

    def afterwards(self, case: Case, depth: int = 0) -> Life:
        """Each reporter is asked: some use the link, some are called, some can't be reached."""
        hands, world = self.hands, self.world
        for callback in hands.asked(case):
            called = callback.next_try_at is not None
            kind = world.random.random()
            if kind < 0.4:
                yield world.after(0.5, 20)
                self._says(callback, depth)
            elif called and kind < 0.85:
                yield world.at_work_from(callback.next_try_at or world.at, 0.1, 6)
                if world.chance(0.25):
                    hands.call(callback, words="没有接听，换个时间再打。")
                    yield world.at_work_from(world.at + timedelta(hours=20), 0.1, 5)
                self._says(callback, depth, by_phone=True)
            elif called and kind < 0.88:
                yield world.at_work_from(callback.next_try_at or world.at, 0.1, 6)
                hands.leave_out(callback, "declined", "接通后表示不愿评价，已致谢。")
            elif called:
                next_try = callback.next_try_at
                for _ in range(3):
                    yield world.at_work_from(max(world.at, next_try or world.at), 0.1, 6)
                    next_try = hands.call(callback, words="无人接听。").next_try_at
        yield from self._refused(case, depth)

    def _says(self, callback: Callback, depth: int, by_phone: bool = False) -> None:
        world = self.world
        by = self.members["li"] if by_phone else None
        kind = world.random.random()
        if kind < 0.09 and depth == 0:
            self.hands.rate(
                callback, "dissatisfied", kind < 0.02, self.phrase("unhappy"),
                reasons=["not_done" if kind > 0.04 else "slow"], contacted=True, by=by,
            )  # fmt: skip
        else:
            grade = "satisfied" if kind < 0.8 else "basically"
            words = self.phrase("happy") if world.chance(0.3) else ""
            self.hands.rate(callback, grade, True, words, contacted=not world.chance(0.04), by=by)

    def _refused(self, case: Case, depth: int) -> Life:
        """An answer that wasn't taken: done again, or explained."""
        hands, world = self.hands, self.world
        if not case.refusals.filter(state="open").exists():
            return
        yield world.at_work(0.5, 5)
        reopen = world.chance(0.65)
        hands.decide(case, reopen, self.phrase("reopen" if reopen else "explain"))
        if not reopen:
            return
        case = Case.objects.get(pk=case.pk)
        yield self.soon(case, 0.2, 2)
        by = hands.officer(case)
        hands.move(case, Move.ACCEPT, by)
        yield self.soon(case, 0.5, 3)
        hands.move(case, Move.CONTACT, by, words=self.phrase("contact"))
        for part in hands.assists(case):
            yield self.soon(case, 0.2, 2)
            hands.report_part(case, part, self.phrase("part"))
        yield self.soon(case, 3, 12)
        if Case.objects.get(pk=case.pk).state == State.HANDLING:
            case = hands.move(case, Move.ANSWER, by, done=self.phrase("redone"), told=self.phrase("told_again"))
            yield from self.afterwards(case, depth + 1)
