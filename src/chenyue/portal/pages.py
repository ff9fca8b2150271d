"""What the progress page says, put together from the case and the reporter's own callback."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise

from chenyue.cases.lifecycle import ENDED, OPEN, STATE_WORDS, State
from chenyue.cases.models import Attachment
from chenyue.cases.progress import Progress
from chenyue.followup import rules
from chenyue.followup.models import Callback, Refusal
from chenyue.places.models import Kind

STATION_WORDS = tuple(STATE_WORDS[s] for s in (State.RECEIVED, State.HANDLING, State.ANSWERED, State.CLOSED))


@dataclass(frozen=True)
class Station:
    """One station of the way, as the strip on top shows it."""

    word: str | Promise
    done: bool
    current: bool


@dataclass(frozen=True)
class ProgressPage:
    """Questions a template asks; everything is already loaded."""

    progress: Progress
    callback: Callback | None
    at: datetime
    thanks: str = ""  # for what the reader has just done

    @property
    def stations(self) -> list[Station]:
        """The four stations with where the matter stands."""
        here = self.progress.station
        ended = self.ended
        return [
            Station(word, done=i < here or (ended and i == here), current=i == here and not ended)
            for i, word in enumerate(STATION_WORDS)
        ]

    @property
    def until(self) -> datetime | None:
        """The promise that runs now: the answer, or that a person reads it; none once it is answered."""
        case = self.progress.case
        if State(case.state) not in OPEN:
            return None
        return case.resolve_due_at or case.triage_due_at

    @property
    def waiting(self) -> bool:
        """Whether the clock stands still."""
        return State(self.progress.case.state) == State.WAITING

    @property
    def too_late(self) -> bool:
        """Whether the question can't be answered here any more."""
        answered = State(self.progress.case.state) == State.ANSWERED
        return answered and self.callback is not None and not self.asks and self.rated is None

    @property
    def ended(self) -> bool:
        """Whether nothing more is being done."""
        return State(self.progress.case.state) in ENDED

    @property
    def may_withdraw(self) -> bool:
        """Whether the reader may still take the appeal back."""
        return State(self.progress.case.state) in OPEN and self.progress.appeal.withdrawn_at is None

    @property
    def again(self) -> str:
        """Where to tell it once more: the form, with the place of this matter filled in."""
        place = self.progress.case.place
        if place is None or place.kind == Kind.HOME or not place.code:
            return reverse("portal:tell")
        return reverse("portal:door", args=[place.code])

    @property
    def asks(self) -> bool:
        """Whether the question is put: solved or not."""
        answered = State(self.progress.case.state) == State.ANSWERED
        return answered and self.callback is not None and rules.link_state(self.callback, self.at) == "open"

    @cached_property
    def rated(self) -> Callback | None:
        """The callback that was rated, if the newest one was."""
        if self.callback is not None and self.callback.state == Callback.State.RATED:
            return self.callback
        return None

    @property
    def refusal(self) -> Refusal | None:
        """What becomes of an answer that wasn't taken."""
        return getattr(self.rated.rating, "refusal", None) if self.rated else None

    @property
    def before(self) -> list[Attachment]:
        """Photos from before the work."""
        return [f for f in self.progress.shown_files if f.stage == Attachment.Stage.BEFORE]

    @property
    def after(self) -> list[Attachment]:
        """Photos of what was done."""
        return [f for f in self.progress.shown_files if f.stage == Attachment.Stage.AFTER]

    @property
    def others(self) -> int:
        """How many neighbours said the same."""
        return max(self.progress.voices - 1, 0)
