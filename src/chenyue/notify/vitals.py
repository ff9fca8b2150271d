"""Signs of life of the outbox: what waits, what was given up."""

from chenyue.core import metrics
from chenyue.notify.models import Message

NEWEST = 1000  # messages looked at: all of them may be millions


def waiting() -> float:
    """Messages that are still to go out."""
    return float(Message.objects.filter(state__in=(Message.State.QUEUED, Message.State.FAILED)).count())


def given_up() -> float:
    """How many of the newest messages reached nobody."""
    newest = Message.objects.order_by("-pk").values_list("state", flat=True)[:NEWEST]
    return float(sum(state == Message.State.DEAD for state in newest))


metrics.watch("chenyue_outbox_waiting", "Messages still to go out", waiting)
metrics.watch("chenyue_outbox_given_up", "Of the newest thousand messages, those that reached nobody", given_up)
