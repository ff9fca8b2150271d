"""What those on duty are told. Short lines on their desks; the roster itself is the page behind them."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import moments
from chenyue.notify import actions as notify
from chenyue.reception.models import Shift, Sitting


def when(sitting: Sitting) -> str:
    """`11 月 24 日 07:00–08:30`."""
    starts, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
    return f"{moments.calendar_day(starts.date())} {starts:%H:%M}–{ends:%H:%M}"


def where_and_when(sitting: Sitting) -> str:
    """`11 月 24 日 07:00–08:30，接待室`."""
    return _("%(when)s, %(venue)s") % {"when": when(sitting), "venue": sitting.venue.name}


def my_turns() -> str:
    """The page with a member's own turns."""
    try:
        return reverse("reception:my-turns")
    except NoReverseMatch:
        return ""


def tell_cancelled(*, sitting: Sitting, reason: str, at: datetime) -> None:
    """Tell those on duty that a sitting isn't held."""
    words = _("Your turn isn't held: %(sitting)s.") % {"sitting": where_and_when(sitting)}
    if reason:
        words = _("Your turn isn't held: %(sitting)s. Reason: %(reason)s") % {
            "sitting": where_and_when(sitting),
            "reason": reason,
        }
    _tell(on_duty([sitting.pk]), words, f"sitting.cancelled:{sitting.pk}:{at.isoformat()}", at, urgent=True)


def on_duty(sitting_ids: Iterable[int]) -> list[int]:
    """Ids of the members who are on duty at these sittings."""
    rows = Shift.objects.filter(sitting_id__in=list(sitting_ids), absent_at=None)
    return list(rows.order_by("pk").values_list("person__member_id", flat=True))


def _tell(member_ids: list[int], words: str, key: str, at: datetime, *, url: str = "", urgent: bool = False) -> None:
    notify.notice(member_ids, words, url or my_turns(), key, at, urgent)
