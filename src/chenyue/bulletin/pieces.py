"""Every change of a piece: written, checked, released by a second person, published, corrected, taken back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.bulletin import about, leaks
from chenyue.bulletin.lifecycle import MOVES, Column, PieceState
from chenyue.bulletin.models import Piece, PieceVersion
from chenyue.cases.doors import transaction_of_its_own
from chenyue.cases.models import Case
from chenyue.core import ids, snapshots, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.models import Member, Resident
from chenyue.people.rules import may
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo

WRITE, RELEASE = "bulletin.write", "bulletin.release"
LIMITS = {"title": 80, "lead": 200, "text": 20_000, "source": 60, "author": 40, "correspondent": 40, "copyright": 120}
CHECKED = ("title", "lead", "text", "source", "author", "correspondent", "copyright")
IN_WORK = (PieceState.DRAFT, PieceState.SUBMITTED, PieceState.REVIEW, PieceState.SCHEDULED)


@dataclass(frozen=True)
class Written:
    """What a piece says. `communities`: ids of those whom it concerns, none: all."""

    column: str
    title: str
    lead: str = ""
    text: str = ""
    source: str = ""
    author: str = ""
    correspondent: str = ""
    original: str = ""
    copyright: str = ""
    expires_on: date | None = None
    communities: Sequence[int] = ()
    works: str = ""
    activity: str = ""


@dataclass
class Act:
    """Something done to a locked piece, and what is written down about it."""

    piece: Piece
    by: Actor
    at: datetime
    drafts: list[Draft] = field(default_factory=list)

    def say(self, verb: str, visible_to: str = VisibleTo.OFFICE, /, **data: Any) -> None:
        """An entry; never a name of a resident."""
        self.drafts.append(Draft(self.piece.subject, f"bulletin.{verb}", data, visible_to))

    def move(self, to: str) -> None:
        """Raises Conflict where the state doesn't lead there (any more)."""
        if to not in MOVES[self.piece.state]:
            raise Conflict
        self.piece.state = to


@contextmanager
def acting(piece: Piece | int, by: Actor, at: datetime, version: int | None = None) -> Iterator[Act]:
    """Lock a piece, change it, count its version, write it down. Raises NotFound, Conflict for a stale form."""
    pk = piece if isinstance(piece, int) else piece.pk
    with transaction_of_its_own():
        row = Piece.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound
        if version is not None and version != row.version:
            raise Conflict
        act = Act(row, by, at)
        yield act
        row.version += 1
        row.save()
        record_many(act.drafts, by=by, at=at)
        if row.state in (PieceState.PUBLISHED, PieceState.RETRACTED):
            snapshots.bump("bulletin")


def member_of(by: Actor, word: str) -> Member:
    """The member who acts, if they may. Raises NotAllowed."""
    member = by.user if by.kind == "member" else None
    if not isinstance(member, Member) or not may(member, word):
        raise NotAllowed
    return member


def writer_of(piece: Piece, by: Actor) -> Member:
    """The member who acts, if the piece is theirs or they release. Raises NotAllowed."""
    member = member_of(by, WRITE)
    if member.pk not in (piece.made_by_id, piece.sender_member_id) and not may(member, RELEASE):
        raise NotAllowed
    return member


def begin(*, written: Written, by: Actor, at: datetime, case: Case | None = None) -> Piece:
    """A new draft; for a case, one that is told without anybody being recognised. Raises Refusal, NotAllowed."""
    member = member_of(by, WRITE)
    if case is not None and case.answered_at is None:
        raise Refusal(_("This case has no answer yet: there is nothing to tell."), code="unanswered")
    with transaction_of_its_own():
        piece = Piece(
            number=_number(at), made_at=at, made_by=member, sender_member=member, case=case,
            correspondent=written.correspondent or member.name,
        )  # fmt: skip
        _take(piece, written)
        piece.save()
        piece.communities.set(written.communities)
        _check(piece)
        piece.save(update_fields=["checks", "checked_version"])
        act = Act(piece, by, at)
        act.say("begun", about=case.number if case else "")
        record_many(act.drafts, by=by, at=at)
    return piece


def hand_in(*, written: Written, resident: Resident, at: datetime, consent: bool) -> Piece:
    """A resident hands something in; with the code they see what becomes of it. Raises Refusal without consent."""
    if not consent:
        raise Refusal(_("Please say that we may publish it."), field="consent", code="consent")
    if len(text.clean(written.text)) < 10:
        raise Refusal(_("Please tell a little more: at least ten characters."), field="text", code="short")
    by = Actor("resident")
    with transaction_of_its_own():
        piece = Piece(
            number=_number(at), state=PieceState.SUBMITTED, made_at=at, sender=resident, consent_at=at,
            code=ids.token(),
        )  # fmt: skip
        _take(piece, written)
        piece.save()
        act = Act(piece, by, at)
        act.say("handed_in")
        record_many(act.drafts, by=by, at=at)
    return piece


def save(*, piece: Piece, written: Written, by: Actor, at: datetime, version: int | None = None) -> Piece:
    """Change a draft, or take up what was handed in; the latter only who releases, who is then its writer."""
    with acting(piece, by, at, version) as act:
        row = act.piece
        member = writer_of(row, by)
        if row.state not in (PieceState.DRAFT, PieceState.SUBMITTED):
            raise Conflict
        if row.state == PieceState.SUBMITTED:
            act.move(PieceState.DRAFT)
            row.made_by = member
            act.say("taken_up")
        _take(row, written)
        row.communities.set(written.communities)
        _check(row)
    return row


def _take(piece: Piece, written: Written) -> None:
    if written.column not in Column.values:
        raise Refusal(_("Choose one from the list."), field="column", code="choice")
    for name, most in LIMITS.items():
        words = text.clean(getattr(written, name) or "")
        if len(words) > most:
            raise Refusal(_("Say it in %(n)d characters or less.") % {"n": most}, field=name, code="long")
        if name != "text":
            words = " ".join(words.split())
        setattr(piece, name, words)
    if not piece.title:
        raise Refusal(_("Give it a title."), field="title", code="no_title")
    if written.original and not written.original.startswith(("https://", "http://")):
        raise Refusal(_("An address begins with https:// or http://."), field="original", code="address")
    piece.column, piece.original = written.column, written.original[:300]
    piece.expires_on, piece.works, piece.activity = written.expires_on, written.works[:20], written.activity[:20]


def _check(piece: Piece) -> None:
    """Look the text over anew; answers given to hits that still stand are kept."""
    given = {one["key"]: one.get("answer", "") for one in piece.checks}
    hits = leaks.check({name: getattr(piece, name) for name in CHECKED}, about.known_of(piece.case))
    piece.checks = [
        {"key": hit.key, "kind": hit.kind, "level": hit.level, "field": hit.field, "excerpt": hit.excerpt,
         "answer": given.get(hit.key, "") if hit.level == leaks.ASK else ""}
        for hit in hits
    ]  # fmt: skip
    piece.checked_version = piece.version


def answer_hits(*, piece: Piece, answers: Mapping[str, str], by: Actor, at: datetime) -> Piece:
    """Say of hits why they harm nobody. What must go can't be answered away."""
    with acting(piece, by, at) as act:
        row = act.piece
        writer_of(row, by)
        if row.state != PieceState.DRAFT:
            raise Conflict
        for one in row.checks:
            if one["level"] == leaks.ASK and one["key"] in answers:
                one["answer"] = text.clean(answers[one["key"]])[:200]
        act.say("hits_answered", n=sum(bool(one["answer"]) for one in row.checks))
    return row


def standing_hits(piece: Piece) -> list[dict[str, Any]]:
    """Hits that keep a piece from being released."""
    return [one for one in piece.checks if not one["answer"]]


def offer(*, piece: Piece, by: Actor, at: datetime, version: int | None = None) -> Piece:
    """Give it to a second person. Raises Refusal while somebody might be recognised or a picture has no words."""
    with acting(piece, by, at, version) as act:
        writer_of(act.piece, by)
        _check(act.piece)
        _ready(act.piece)
        act.move(PieceState.REVIEW)
        act.say("offered")
    return act.piece


def _ready(piece: Piece) -> None:
    if not piece.text.strip():
        raise Refusal(_("There is no text yet."), field="text", code="no_text")
    if standing := standing_hits(piece):
        raise Refusal(
            _("Somebody could be recognised: %(n)d places in the text must be changed or answered first.")
            % {"n": len(standing)},
            code="leak",
        )
    if piece.pictures.filter(removed_at=None, alt="").exists():
        raise Refusal(_("Say of each picture what is to be seen, for those who don't see it."), code="alt")


def give_back(*, piece: Piece, words: str, by: Actor, at: datetime) -> Piece:
    """Back to whoever wrote it, with what is to be changed; also what was to appear later. Raises Refusal."""
    member_of(by, RELEASE)
    said = _reason(words)
    with acting(piece, by, at) as act:
        act.move(PieceState.DRAFT)
        act.piece.publish_at = None
        act.say("given_back", words=said)
    return act.piece


def release(
    *, piece: Piece, by: Actor, at: datetime, publish_at: datetime | None = None, featured: bool = False,
    version: int | None = None,
) -> Piece:  # fmt: skip
    """A second person lets it appear: now, or at a moment. They become the editor in charge.

    Raises NotAllowed for whoever wrote it, Refusal as `offer` does: the text is looked over once more.
    """
    member = member_of(by, RELEASE)
    with acting(piece, by, at, version) as act:
        row = act.piece
        if row.state != PieceState.REVIEW:
            raise Conflict
        if member.pk in (row.made_by_id, row.sender_member_id):
            raise Refusal(_("Who wrote it doesn't release it: ask a second person."), code="same_person")
        _check(row)
        _ready(row)
        row.editor = row.released_by = member
        row.featured = featured
        if publish_at and publish_at > at:
            act.move(PieceState.SCHEDULED)
            row.publish_at = publish_at
            act.say("scheduled", at=publish_at)
        else:
            _appear(act)
    return row


def _appear(act: Act) -> None:
    act.move(PieceState.PUBLISHED)
    act.piece.published_at = act.piece.publish_at = act.at
    act.piece.reason = ""
    act.say("published", VisibleTo.RESIDENT)


def publish_due(at: datetime) -> int:
    """Let appear what was scheduled until now; how many."""
    from chenyue.core.actors import SYSTEM

    due = Piece.objects.filter(state=PieceState.SCHEDULED, publish_at__lte=at).order_by("publish_at", "pk")
    done = 0
    for pk in due.values_list("pk", flat=True)[:50]:
        with acting(pk, SYSTEM, at) as act:
            if act.piece.state == PieceState.SCHEDULED and act.piece.publish_at and act.piece.publish_at <= at:
                _appear(act)
                done += 1
    return done


def correct(
    *, piece: Piece, written: Written, words: str, by: Actor, at: datetime, version: int | None = None
) -> Piece:
    """Change what is published already: readers see that and what was corrected. The text before is kept."""
    member = member_of(by, RELEASE)
    said = _reason(words)
    with acting(piece, by, at, version) as act:
        row = act.piece
        if row.state != PieceState.PUBLISHED:
            raise Conflict
        number = row.versions.count() + 1
        PieceVersion.objects.create(
            piece=row, number=number, title=row.title, lead=row.lead, text=row.text, words=said, at=at, by=member
        )
        _take(row, written)
        row.communities.set(written.communities)
        _check(row)
        _ready(row)
        row.changed_at = at
        act.say("corrected", VisibleTo.RESIDENT, words=said)
    return row


def feature(*, piece: Piece, on: bool, by: Actor, at: datetime) -> Piece:
    """Put it on top, or take it from there."""
    member_of(by, RELEASE)
    with acting(piece, by, at) as act:
        if act.piece.state != PieceState.PUBLISHED:
            raise Conflict
        act.piece.featured = on
        act.say("featured" if on else "unfeatured")
    return act.piece


def retract(*, piece: Piece, words: str, by: Actor, at: datetime) -> Piece:
    """Take back what was published: its page stays, says that, why and when, and nothing else."""
    member_of(by, RELEASE)
    said = _reason(words)
    with acting(piece, by, at) as act:
        act.move(PieceState.RETRACTED)
        act.piece.retracted_at, act.piece.reason, act.piece.featured = at, said, False
        act.say("retracted", VisibleTo.RESIDENT, words=said)
    return act.piece


def reopen(*, piece: Piece, by: Actor, at: datetime) -> Piece:
    """Make a draft again of what was taken back or not taken; a second person must release it anew."""
    with acting(piece, by, at) as act:
        member = writer_of(act.piece, by)
        if act.piece.state not in (PieceState.RETRACTED, PieceState.REFUSED):
            raise Conflict
        act.move(PieceState.DRAFT)
        act.piece.made_by = member
        act.say("reopened")
    return act.piece


def refuse(*, piece: Piece, words: str, by: Actor, at: datetime) -> Piece:
    """Not taken, with the reason that its sender reads."""
    member_of(by, RELEASE)
    said = _reason(words)
    with acting(piece, by, at) as act:
        act.move(PieceState.REFUSED)
        act.piece.reason = said
        act.say("refused", words=said)
    return act.piece


def _reason(words: str) -> str:
    said = " ".join(text.clean(words or "").split())
    if not said:
        raise Refusal(_("Say why."), field="words", code="no_reason")
    return said[:200]


def _number(at: datetime) -> str:
    year = timezone.localtime(at).year
    return f"G{year}-{ids.next_value(f'bulletin:{year}'):04d}"
