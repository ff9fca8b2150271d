"""Minutes in stages: a draft, the parties are asked, then final. Each version is kept, with what was said to it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import acts, meetings, seeing
from chenyue.mediation.lifecycle import ENDED, MeetingState, Minutes
from chenyue.mediation.models import Attendance, Mediation, Meeting, MinutesText, MinutesWord, Party
from chenyue.timeline.models import VisibleTo

LONGEST = 20_000


def newest(meeting: Meeting) -> MinutesText | None:
    """The version that counts."""
    return MinutesText.objects.filter(meeting=meeting.pk).order_by("-number").first()


def versions(meeting: Meeting) -> list[MinutesText]:
    """All versions, newest first, with what parties said to each. Three statements at most."""
    rows = MinutesText.objects.filter(meeting=meeting.pk).select_related("by").order_by("-number")
    return list(rows.prefetch_related("answers__party", "answers__taken_by"))


def write(*, meeting: Meeting, words: str, by: Actor, at: datetime, base: int | None = None) -> MinutesText:
    """A draft, or a correction of one: a new version, unless nothing differs.

    What parties were asked about falls back to a draft. `base`: number of the version that the writer had before
    them (0: none). Raises Conflict when another wrote meanwhile, Refusal.
    """
    with _minutes(meeting, by) as row:
        if row.state not in (MeetingState.HELD, MeetingState.BROKEN_OFF):
            raise Refusal(_("Write down first who came and what came of it."), code="not_held")
        if row.minutes == Minutes.FINAL:
            raise Conflict(_("These minutes are final. Reopen them to correct something, with the reason."))
        words = acts.words(words, needed=True, most=LONGEST)
        last = newest(row)
        if base is not None and base != (last.number if last else 0):
            raise Conflict
        if last is not None and last.words == words:
            return last
        made = MinutesText.objects.create(
            meeting=row, number=last.number + 1 if last else 1, words=words, sha256=digest(words), at=at, by=by.user
        )
        _stage(row, Minutes.DRAFT)
        acts.record(row.mediation, "minutes_written", by=by, at=at, data=_data(row, made))
    return made


def ask(*, meeting: Meeting, by: Actor, at: datetime) -> MinutesText:
    """The parties read the draft and say whether it's right."""
    with _minutes(meeting, by) as row:
        text = newest(row)
        if text is None or row.minutes != Minutes.DRAFT:
            raise Conflict(_("There is no draft to be asked about."))
        _stage(row, Minutes.ASKED)
        acts.record(row.mediation, "minutes_asked", by=by, at=at, data=_data(row, text), visible_to=VisibleTo.RESIDENT)
    return text


def answer(*, text: MinutesText, party: Party, agrees: bool, by: Actor, at: datetime, words: str = "") -> MinutesWord:
    """A party says that a version is right, or what is wrong with it.

    Taken down by who conducts, or said on the party's own page (`by` a resident with the party's subject as its key).
    Nobody but the mediators and the party reads what it said. Raises Conflict for a version that isn't asked about
    any more, Refusal at `words`.
    """
    with acts.locked(party.mediation_id) as mediation:
        _may_say(by, mediation, party)
        row = Meeting.objects.select_for_update(of=("self",)).get(pk=text.meeting_id, mediation=mediation)
        last = newest(row)
        if last is None or last.pk != text.pk or row.minutes != Minutes.ASKED:
            raise Conflict(_("These words were corrected meanwhile: read the newer version."))
        if party.left_at is not None:
            raise Refusal(_("This party is no longer part of the mediation."), code="left")
        said = acts.words(words, needed=not agrees, most=2000)
        found, _new = MinutesWord.objects.update_or_create(
            text=last, party=party, defaults={"agrees": agrees, "words": said, "at": at, "taken_by": by.user}
        )
        data = {"number": row.number, "version": last.number}
        acts.record_for(party, "minutes_right" if agrees else "minutes_wrong", by=by, at=at, data=data, said=said)
    return found


def waiting_for(meeting: Meeting) -> list[Party]:
    """Parties who were there and haven't called the newest version right. Three statements."""
    last = newest(meeting)
    right = MinutesWord.objects.filter(text=last, agrees=True).values("party_id") if last else []
    present = meetings.parties_present(meeting)
    rows = Party.objects.filter(pk__in=present, left_at=None).exclude(pk__in=right)
    return list(rows.order_by("order"))


def finish(*, meeting: Meeting, by: Actor, at: datetime, why: str = "") -> Meeting:
    """Nothing of it changes any more. `why`: the reason where a party didn't call it right, kept with it."""
    with _minutes(meeting, by) as row:
        text = newest(row)
        if text is None or row.minutes not in (Minutes.ASKED, Minutes.DRAFT):
            raise Conflict(_("There are no minutes that could become final."))
        if row.minutes == Minutes.DRAFT:
            raise Refusal(_("Ask the parties first whether it is right."), code="not_asked")
        missing = waiting_for(row)
        reason = acts.words(why, "why", most=200)
        if missing and not reason:
            orders = "、".join(str(party.order) for party in missing)
            raise Refusal(
                _("Party %(orders)s hasn't called it right. Write why it becomes final all the same.")
                % {"orders": orders},
                field="why", code="waiting",
            )  # fmt: skip
        _stage(row, Minutes.FINAL)
        data = _data(row, text) | {"all": not missing, "sha256": text.sha256}
        acts.record(
            row.mediation, "minutes_final", by=by, at=at, data=data, said=reason if missing else "",
            visible_to=VisibleTo.RESIDENT,
        )  # fmt: skip
    return row


def reopen(*, meeting: Meeting, why: str, by: Actor, at: datetime) -> Meeting:
    """Something is wrong after all: back to a draft. The final version stays among the versions; signatures fall."""
    with _minutes(meeting, by) as row:
        if row.minutes != Minutes.FINAL:
            raise Conflict(_("These minutes aren't final."))
        if row.mediation.stage in ENDED:
            raise Refusal(_("This mediation has ended: its minutes stay as they are."), code="ended")
        reason = acts.words(why, "why", needed=True, most=200)
        _stage(row, Minutes.DRAFT)
        row.attendances.exclude(signed_at=None).update(signed_at=None)
        acts.record(
            row.mediation, "minutes_reopened", by=by, at=at, data={"number": row.number}, said=reason,
            visible_to=VisibleTo.RESIDENT,
        )  # fmt: skip
    return row


def sign(*, attendance: Attendance, by: Actor, at: datetime) -> Attendance:
    """Somebody who was there signed the final minutes on paper."""
    with _minutes(attendance.meeting, by) as row:
        if row.minutes != Minutes.FINAL:
            raise Refusal(_("Only final minutes are signed."), code="not_final")
        held = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk, meeting=row)
        if not held.came:
            raise Refusal(_("Who wasn't there doesn't sign."), code="absent")
        if held.signed_at is None:
            held.signed_at = at
            held.save(update_fields=["signed_at"])
            acts.record(row.mediation, "minutes_signed", by=by, at=at, data={"number": row.number})
    return held


def digest(words: str) -> str:
    """The fingerprint of a version, as it stands under it."""
    return hashlib.sha256(words.encode()).hexdigest()


def _may_say(by: Actor, mediation: Mediation, party: Party) -> None:
    if by.kind == "resident":
        if by.key != acts.subject_of(party):
            raise NotAllowed
        return
    seeing.check(by, mediation, "conduct")


@contextmanager
def _minutes(meeting: Meeting, by: Actor) -> Iterator[Meeting]:
    with acts.locked(meeting.mediation_id) as mediation:
        seeing.check(by, mediation, "conduct")
        row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        row.mediation = mediation
        yield row


def _stage(row: Meeting, to: Minutes) -> None:
    row.minutes = to
    row.version += 1
    row.save(update_fields=["minutes", "version"])


def _data(row: Meeting, text: MinutesText) -> dict[str, int]:
    return {"number": row.number, "version": text.number}
