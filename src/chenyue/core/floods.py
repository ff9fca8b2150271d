"""Forms that anybody may send: in ordinary hours nothing is asked; in a flood each sending has to be paid for.

Paid is by a small calculation that the browser makes while the person types (`proof_of_work`), or, without JavaScript,
by time: whoever had the form open long enough is let in, but fewer such from one address. Words of an emergency always
pass. Nobody solves a puzzle, and nothing typed is lost: the form comes back with its words and sends itself again.

What counts as a flood, and what is asked then, is the office's to set. Each sending is counted once for its address
and once for all, in one statement together with the other limits of its door; showing a form costs none.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from prometheus_client import Counter

from chenyue.core import limits, metrics, office
from chenyue.core import proof_of_work as work
from chenyue.core.errors import Refusal, Sentence
from chenyue.core.forms import Form, refused
from chenyue.core.http import KEY, again
from chenyue.core.limits import Limit, address
from chenyue.core.whose import whose

OFF, IN_A_FLOOD, ALWAYS = "off", "flood", "always"
MODES: list[tuple[str, Promise]] = [
    (IN_A_FLOOD, gettext_lazy("only in a flood")),
    (ALWAYS, gettext_lazy("always, a little")),
    (OFF, gettext_lazy("never, whatever comes")),
]
TASK, ANSWER, ROUND = "proof_task", "proof", "proof_round"
WINDOW = timedelta(minutes=10)
# Bits of work by how often the limit was doubled. An old telephone makes 100,000 hashes (17 bits) a second or more:
# whoever has sent little themselves never works longer than two or three seconds, in the background.
BY_ADDRESS = (0, 15, 16, 17, 18, 20, 21)
BY_ALL = (0, 15, 16, 17, 18)
A_LITTLE = 14
ROUNDS = 5  # so often a form sends itself again
EVERYBODY = "all"

Asked = Sequence[tuple[Limit, str]]
forms = Counter(
    "chenyue_flood_forms_total", "Forms of strangers in a flood: solved, waited, spared, refused", ["outcome"]
)
metrics.watch(
    "chenyue_flood",
    "How often the forms' common limit was doubled in these ten minutes",
    lambda: state(timezone.now()).step,
)


class Full(Refusal):
    """A limit of the door is reached: later, or another way."""

    status = 429


class Wait(Refusal):
    """Not yet: work or a short wait is asked for first."""

    status = 429

    def __init__(self, seconds: int, *, later: bool = False) -> None:
        self.seconds = seconds
        self.later = later  # waiting alone doesn't help any more, this hour
        sentence = _("Very many forms are arriving at this moment. Everything you wrote is still here.")
        super().__init__(sentence, code="flood")


@dataclass(frozen=True)
class Guard:
    """What the office has set."""

    mode: str
    from_address: int  # forms from one address in ten minutes that are a flood; 0: never
    from_all: int  # and from everywhere
    wait: int  # seconds, instead of work, at the first step
    waiting: int  # forms an hour from one address that pass by waiting

    @classmethod
    def now(cls) -> "Guard":
        """As it is set."""
        names = ("flood_guard", "flood_from_address", "flood_from_all", "flood_wait_seconds", "flood_waiting")
        return cls(*(office.get(name) for name in names))

    def counts(self, request: HttpRequest) -> Asked:
        """What a sending counts for; nothing when the guard is off."""
        here = Limit("flood-address", self.from_address, WINDOW)
        return [] if self.mode == OFF else [(here, address(request)), (self.everywhere(), EVERYBODY)]

    def everywhere(self) -> Limit:
        """From when on it is a flood, whoever sends."""
        return Limit("flood-all", self.from_all, WINDOW)

    def steps(self, times: Sequence[float]) -> tuple[int, int]:
        """How often the limits of the address and of all were doubled, as far as the steps go."""
        here, everywhere = (limits.doublings(one) for one in times)
        return min(here, len(BY_ADDRESS) - 1), min(everywhere, len(BY_ALL) - 1)

    def bits(self, steps: tuple[int, int]) -> int:
        """How much work is asked for; 0: none."""
        least = A_LITTLE if self.mode == ALWAYS else 0
        return max(least, BY_ADDRESS[steps[0]], BY_ALL[steps[1]])


def refuses(
    request: HttpRequest,
    door: str,
    at: datetime,
    *,
    beside: Asked = (),
    many: Sentence = "",
    spared: Callable[[], bool] = lambda: False,
    spends: bool = False,
) -> Refusal | None:
    """Count a form that was sent; why it isn't taken now, or None.

    `door` is the scope under which the form has its one effect (`http.once`): a retry of what was done is never
    refused. `beside`: other limits of this door, and `many`, the sentence for them. `spared`: whether it may pass all
    the same. `spends`: the door has no key by which it acts once, so that an answer has to be used up here.
    """
    guard = Guard.now()
    own = guard.counts(request)
    counts = limits.counted([*own, *beside], at)
    over = zip(beside, counts[len(own) :], strict=True)
    if any(0 < limit.most < count for (limit, _who), count in over):
        return None if again(request, door) else Full(many)
    if not own:
        return None
    pairs = zip(own, counts, strict=False)
    steps = guard.steps([count / limit.most if limit.most else 0.0 for (limit, _who), count in pairs])
    if not guard.bits(steps):
        return None
    toll = _Toll(guard.bits(steps), guard.wait * max(1, *steps), guard.waiting, spared, spends)
    why = _judged(request, door, at, toll)
    if why:
        limits.give_back(beside)  # the limits of the door are for what was taken
    return why


def lets_in(request: HttpRequest, form: Form, door: str, at: datetime) -> bool:
    """The same for a form: what is refused is said above it."""
    why = refuses(request, door, at)
    if why:
        refused(form, why)
    return why is None


def _judged(request: HttpRequest, door: str, at: datetime, toll: "_Toll") -> Wait | None:
    """In a flood: paid by work, by time, spared, or asked to pay."""
    given = _posted(request, door, at)
    left = toll.wait - given.waited(at) if given else float(toll.wait)
    outcome = "refused"
    if given and given.bits >= toll.bits and work.solved(given, request.POST.get(ANSWER, "")):
        outcome = "solved"
    elif given and left <= 0 and _may_wait(request, toll.waiting, at):
        outcome = "waited"
    if outcome != "refused" and toll.spends and not _spent_now(request, at):
        outcome = "refused"
    if outcome == "refused" and again(request, door):
        return None
    if outcome == "refused" and toll.spared():
        outcome = "spared"
    forms.labels(outcome).inc()
    if outcome != "refused":
        return None
    wait = Wait(max(1, math.ceil(left)) if left > 0 else toll.wait, later=left <= 0)
    request.flood = wait  # type: ignore[attr-defined]
    return wait


@dataclass(frozen=True)
class _Toll:
    """What is asked of one sending in a flood."""

    bits: int
    wait: int  # seconds
    waiting: int
    spared: Callable[[], bool]
    spends: bool


def _spent_now(request: HttpRequest, at: datetime) -> bool:
    """Use an answer up; False if it was before. The form gets a new key then, and with it a new task."""
    first = limits.passes([(Limit("flood-spent", 1, work.LASTS), request.POST.get(KEY, ""))], at)
    if not first:
        request.fresh_key = True  # type: ignore[attr-defined]
    return first


def _may_wait(request: HttpRequest, most: int, at: datetime) -> bool:
    asked = [(Limit("flood-waited", most, timedelta(hours=1)), address(request))]
    return limits.passes(asked, at)


def _form(door: str, key: str) -> str:
    return f"{whose()}\n{door}\n{key}"


def _posted(request: HttpRequest, door: str, at: datetime) -> work.Task | None:
    key = request.POST.get(KEY, "")
    return work.read(request.POST.get(TASK, ""), _form(door, key), at) if key else None


def fields(request: HttpRequest | None, door: str, key: str, at: datetime | None = None) -> SafeString:
    """The hidden fields of a form beside its key: the task with what was solved already, and when it sends itself.

    Needs no database: while it is away, forms are shown without.
    """
    if request is None:
        return SafeString("")
    try:
        guard, at = Guard.now(), at or timezone.now()
        if guard.mode == OFF:
            return SafeString("")
        needed = guard.bits(guard.steps([limits.times(limit, who, at) for limit, who in guard.counts(request)]))
    except DatabaseError:
        return SafeString("")
    given = _posted(request, door, at) if key == request.POST.get(KEY) else None
    since = given.since if given else int(at.timestamp())
    mine = given if given and given.bits >= needed else work.task(_form(door, key), needed, since)
    answer = request.POST.get(ANSWER, "") if mine is given and work.solved(mine, request.POST.get(ANSWER, "")) else ""
    wait, tried = getattr(request, "flood", None), request.POST.get(ROUND, "")
    rounds = int(tried) + 1 if tried.isdecimal() and len(tried) < 3 else 1
    context = {"task": mine, "answer": answer, "wait": wait, "rounds": rounds, "alone": rounds <= ROUNDS}
    return render_to_string("core/parts/proof.html", context)


@dataclass(frozen=True)
class State:
    """How it is just now, from everywhere together: the step (0: no flood), and at least how many forms came."""

    step: int
    count: int


def state(at: datetime) -> State:
    """How it is. No statement."""
    guard = Guard.now()
    times = limits.times(guard.everywhere(), EVERYBODY, at) if guard.mode != OFF else 0.0
    return State(limits.doublings(times), int(times * guard.from_all))
