"""What the views of reception share: who asks, when, acting once, and answering a refusal in its form."""

from datetime import date, datetime

from django.utils import timezone

from chenyue.core.acting import acted, done, now, page, posted, sent
from chenyue.people.http import member_of

__all__ = ["acted", "done", "member_of", "now", "page", "posted", "sent", "today"]


def today(at: datetime | None = None) -> date:
    """The day on the office's wall."""
    return timezone.localtime(at or timezone.now()).date()
