"""Closed doors, open ones, and whether it may be told in public: the parties decide, all of them (art. 23 (3)).

A mediation is closed, and nobody tells of it, unless every party wants otherwise; one who takes that back closes it
again, also after the end. The row follows the answers by itself, so that nobody sets it against a party's word.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.mediation import acts, consents, parties
from chenyue.mediation.lifecycle import MeetingState, Question, Stage
from chenyue.mediation.models import Consent, Mediation, Meeting
from chenyue.timeline.models import VisibleTo

ASKED = (Question.OPEN, Question.STORY)
TO_OPEN = (Stage.CONSENT, Stage.MEDIATING, Stage.AGREED)  # while there are meetings to come
TO_TELL = (Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING, Stage.PERFORMED)
SENTENCES = {
    Question.OPEN: _("I want meetings to be open to the public."),
    Question.STORY: _("It may be told in public, without names and with no place finer than the estate."),
}


def askable(mediation: Mediation) -> list[Question]:
    """What a party may answer now, if it wishes: nobody has to."""
    found = [Question.OPEN] if mediation.stage in TO_OPEN else []
    return found + ([Question.STORY] if mediation.stage in TO_TELL else [])


def told_by_all(mediation: Mediation) -> bool:
    """Whether it may be told: third parties are asked too, since their lives are told with it. Four statements."""
    said = consents.standing(mediation, Question.STORY)
    return consents.all_agree(mediation, Question.STORY) and all(said.values())


def follow(mediation: Mediation, by: Actor, at: datetime) -> None:
    """Let the row say what the parties say now; the caller holds the lock."""
    is_open = consents.all_agree(mediation, Question.OPEN)
    if mediation.open_meetings != is_open:
        mediation.open_meetings = is_open
        acts.touch(mediation, "open_meetings")
        if not is_open:
            _close(mediation, by, at)
    tells = told_by_all(mediation)
    if mediation.public_story != tells:
        mediation.public_story = tells
        acts.touch(mediation, "public_story")
        if not tells:  # that all agree is an entry already
            acts.record(mediation, "story_closed", by=by, at=at, visible_to=VisibleTo.RESIDENT)


def _close(mediation: Mediation, by: Actor, at: datetime) -> None:
    """Meetings that were to be open are closed; whoever was told otherwise is told by the notices printed anew."""
    rows = Meeting.objects.select_for_update(of=("self",)).filter(mediation=mediation.pk, is_open=True)
    for meeting in rows.filter(state=MeetingState.PLANNED).order_by("number"):
        meeting.is_open = False
        meeting.version += 1
        meeting.save(update_fields=["is_open", "version"])
        data = {"number": meeting.number}
        acts.record(mediation, "meeting_closed_doors", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)


@consents.heard(Question.OPEN)
@consents.heard(Question.STORY)
def on_answer(row: Mediation, answer: Consent, by: Actor, at: datetime) -> None:
    """A party said something to it, or took it back."""
    follow(row, by, at)


parties.follow(follow)  # who comes later hasn't agreed yet; who leaves is no longer asked
