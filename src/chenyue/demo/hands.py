"""What people do with cases, in one word each; all by the office's public doors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chenyue.cases import actions
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Assignment, Case
from chenyue.core.actors import Actor
from chenyue.demo.matters import Said, Teller
from chenyue.demo.office import Office
from chenyue.demo.residents import Residents, Voice
from chenyue.demo.world import World
from chenyue.followup import actions as followup
from chenyue.followup.models import Callback, Refusal
from chenyue.people.models import Member

OF_STAFF = ("reception", "phone", "hotline", "paper", "steward")


class Hands:
    """The doors, with the world's moment as `at`."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office = world, office
        self.teller = Teller(office, world.random)
        self.residents = Residents(world.random)

    @property
    def at(self) -> datetime:
        """The moment that it is."""
        return self.world.at

    def clerk(self) -> Member:
        """Who is at the centre: by day one, by night and on Sundays the other."""
        local = self.at.astimezone(self.world.zone)
        return self.office.members["li" if 8 <= local.hour < 18 and local.weekday() < 6 else "zhou"]

    def file(
        self, said: Said, channel: str, voice: Voice | None = None, *, taken_by: Member | None = None, **more: Any
    ) -> tuple[Case, Appeal]:
        """Somebody says something."""
        voice = voice or self.residents.somebody(anonymous=0.2 if channel == "web" else 0.04)
        taker = taken_by or (self.clerk() if channel in OF_STAFF else None)
        by = taker.actor() if taker else Actor("resident")
        where = said.place.pk if said.place and (taker or self.world.chance(0.75)) else None
        filed = actions.file_appeal(
            words=said.words, channel=channel, by=by, at=self.at, place_id=where, room=said.room if where else "",
            reporter=voice.data, consent_contact=voice.consents, taken_by=taker, **more,
        )  # fmt: skip
        return filed.case, filed.appeal

    def move(self, case: Case, move: Move, by: Member, **details: Any) -> Case:
        """One move; the case as it is then."""
        return actions.move(case=case.pk, move=move, by=by.actor(), at=self.at, **details)

    def officer(self, case: Case) -> Member:
        """Who acts for the unit that leads."""
        return self.office.officer(case.lead_id or 0)

    def assists(self, case: Case) -> list[Assignment]:
        """Parts of assisting units that aren't finished."""
        rows = Assignment.objects.filter(case=case, active=True, role="assist", state__in=("sent", "accepted"))
        return list(rows.order_by("pk"))

    def accept_part(self, case: Case, part: Assignment) -> None:
        """An assisting unit takes its part on."""
        by = self.office.officer(part.unit_id).actor()
        actions.accept_part(case=case.pk, by=by, at=self.at, unit_id=part.unit_id)

    def report_part(self, case: Case, part: Assignment, done: str) -> None:
        """An assisting unit says what it did."""
        by = self.office.officer(part.unit_id).actor()
        actions.report_part(case=case.pk, done=done, by=by, at=self.at, unit_id=part.unit_id)

    def note(self, case: Case, by: Member, words: str) -> None:
        """An internal note."""
        actions.add_note(case=case.pk, words=words, by=by.actor(), at=self.at)

    def add(self, appeal: Appeal, words: str) -> None:
        """The reporter adds words through the receipt."""
        actions.add_words(appeal=Appeal.objects.get(pk=appeal.pk), words=words, by=Actor("resident"), at=self.at)

    def show(self, case: Case, by: Member, files: Iterable[Any], stage: str) -> None:
        """Photographs, before or after."""
        actions.attach(case=case.pk, files=files, stage=stage, by=by.actor(), at=self.at)

    # Afterwards

    def asked(self, case: Case) -> list[Callback]:
        """Reporters who haven't said yet what they think of the answer."""
        return list(Callback.objects.filter(case=case, state=Callback.State.OPEN).order_by("pk"))

    def rate(self, callback: Callback, grade: str, solved: bool, words: str = "", **more: Any) -> None:
        """A reporter says it: by link, or to the member who calls (`by`)."""
        by: Member | None = more.pop("by", None)
        followup.rate(
            callback=callback, grade=grade, solved=solved, words=words,
            by=by.actor() if by else Actor("resident"), at=self.at, **more,
        )  # fmt: skip

    def call(self, callback: Callback, words: str = "", reached: bool = False) -> Callback:
        """A call by the centre that brought no rating."""
        return followup.record_attempt(
            callback=callback, reached=reached, words=words, by=self.office.members["li"].actor(), at=self.at
        )

    def leave_out(self, callback: Callback, reason: str, words: str) -> None:
        """Somebody isn't counted, with a reason that is printed."""
        by = self.office.members["li"].actor()
        followup.exclude(callback=callback, reason=reason, words=words, by=by, at=self.at)

    def decide(self, case: Case, reopen: bool, words: str) -> None:
        """A refused answer is decided about."""
        refusal = Refusal.objects.filter(case=case, state=Refusal.State.OPEN).select_related("case").first()
        if refusal is not None:
            by = self.office.members["li"].actor()
            followup.decide_refusal(refusal=refusal, reopen=reopen, words=words, by=by, at=self.at)
