"""Pages and states of meetings, evidence and caucuses."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.mediation import seeing, tabs
from chenyue.mediation.lifecycle import MeetingState, Minutes
from chenyue.mediation.models import Mediation
from chenyue.people.models import Member

MEETINGS = {
    MeetingState.PLANNED: ("wait", "calendar-event"),
    MeetingState.HELD: ("done", "users"),
    MeetingState.BROKEN_OFF: ("late", "hand-stop"),
    MeetingState.CANCELLED: ("neutral", "x"),
}
MINUTES = {
    Minutes.NONE: ("neutral", "notes"),
    Minutes.DRAFT: ("due", "edit"),
    Minutes.ASKED: ("wait", "message-circle"),
    Minutes.FINAL: ("done", "circle-check"),
}
chrome.states("meeting", {state.value: (state.label, *look) for state, look in MEETINGS.items()})
chrome.states("minutes", {state.value: (state.label, *look) for state, look in MINUTES.items()})


def _attends(member: Member, mediation: Mediation) -> bool:
    return seeing.may(member, mediation, "attend")


def _seals(member: Member, mediation: Mediation) -> bool:
    """The tab stands there for every mediator, whether anything is behind it or not."""
    return seeing.may(member, mediation, "seal")


tabs.register("meetings", pgettext_lazy("mediation", "Meetings"), "mediation:meetings", 30, _attends)
tabs.register("evidence", pgettext_lazy("mediation", "Evidence"), "mediation:evidence", 40, _attends)
tabs.register("caucus", _("In confidence"), "mediation:caucus", 50, _seals)
