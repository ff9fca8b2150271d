"""The quiet hours, in which residents get no short messages unless it is urgent."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from chenyue.core import office


def hours() -> tuple[time, time]:
    """From when to when, by the office's clock."""
    begin, end = office.get("quiet_hours")
    return time.fromisoformat(begin), time.fromisoformat(end)


def ends(at: datetime) -> datetime | None:
    """When the quiet hours end that this moment lies in; None outside them."""
    begin, end = hours()
    local = timezone.localtime(at)
    if begin == end:
        return None
    within = begin <= local.time() < end if begin < end else local.time() >= begin or local.time() < end
    if not within:
        return None
    last = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return last if last > local else last + timedelta(days=1)
