"""Reading notices and the outbox."""

from typing import Any

from django.db.models import Count, QuerySet

from chenyue.core.prepared import prepared
from chenyue.notify.models import Message, Notice
from chenyue.people.models import Member

MOST = 99  # "99+" says the same as any larger number, and costs nothing more


def unread(member_id: int) -> int:
    """How many notices a member hasn't read, counted up to 99. One statement."""
    return len(_unread(member_id=member_id))


@prepared
def _unread(*, member_id: Any) -> QuerySet[Any]:
    return Notice.objects.filter(member_id=member_id, read_at=None).values_list("pk", flat=True)[:MOST]


def notices(member: Member, before: int | None = None, limit: int = 50) -> list[Notice]:
    """A member's own notices, newest first."""
    rows = Notice.objects.filter(member=member).order_by("-id")
    return list((rows.filter(id__lt=before) if before else rows)[:limit])


def messages(
    *, state: str = "", about: str = "", channel: str = "", template: str = "", before: int | None = None,
    limit: int = 50,
) -> list[Message]:  # fmt: skip
    """The delivery log, newest first, with what it is about, how it went, and the address masked."""
    rows: QuerySet[Message] = Message.objects.order_by("-id").defer("body", "blanks", "others")
    asked = {"state": state, "about": about, "channel": channel, "template": template}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return list((rows.filter(id__lt=before) if before else rows)[:limit])


def message_counts() -> dict[str, int]:
    """How many messages are in each state; for the set-up page, not for each request."""
    return dict(Message.objects.values_list("state").annotate(count=Count("pk")))
