"""What can be told: data, not code. Payloads are thin; who may know more asks the API."""

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence

PING = "ping"
EVENTS: dict[str, Sentence] = {
    "appeal.filed": _("An appeal was filed"),
    "appeal.words_added": _("A reporter added words to an appeal"),
    "case.moved": _("Any move was made on a case"),
    "case.dispatched": _("A case was given to its units"),
    "case.answered": _("A case was answered"),
    "case.closed": _("A case was closed"),
    "case.reopened": _("A case was reopened"),
    "case.joined": _("A case was joined to another"),
    "case.split": _("A case was split"),
    "case.due": _("A promise comes near, or is broken"),
    "case.part_ended": _("An assisting unit has done its part"),
    "answer.rated": _("A reporter rated an answer"),
    "answer.refused": _("A reporter didn't take an answer"),
}
