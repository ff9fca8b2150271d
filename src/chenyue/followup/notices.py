"""Lines on members' desks about what reporters said. Connected in `chenyue.wiring`."""

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases import audience
from chenyue.followup.events import AnswerRefused
from chenyue.notify.actions import notice


def on_refused(event: AnswerRefused) -> None:
    """An answer was not taken: a line for everyone who may decide about it."""
    case = event.refusal.case
    heard = sorted(audience.of(case).over_all("case.review_answer"))
    if heard:
        said = _("An answer was not taken; please decide: %(number)s %(title)s") % {
            "number": case.number,
            "title": case.title,
        }
        notice(heard, said, reverse("desk:refusals"), f"refused:{event.refusal.pk}", event.at, urgent=True)
