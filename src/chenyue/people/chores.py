"""Regular clean-up of what people leave behind. Security records are kept for twelve months."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from chenyue.core import ticks
from chenyue.people.models import Look, PhoneCode, ResidentSession

DAY = 24 * 3600
KEEP_SECURITY = timedelta(days=365)  # 网络安全法 21 asks for six months at least
KEEP_LOOKS = timedelta(days=3 * 365)  # the timeline's entry stays for ever; this row names the resident


@ticks.every(DAY, "people.clean")
def clean(at: datetime) -> dict[str, int]:
    """Drop old sign-in records, and looks whose resident needn't be named any more."""
    old = at - KEEP_SECURITY
    logs = sum(model.objects.filter(attempt_time__lt=old).delete()[0] for model in (AccessLog, AccessFailureLog))
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=at - timedelta(days=1)).delete()
    looks, _ = Look.objects.filter(until__lt=at - KEEP_LOOKS).delete()
    codes, _ = PhoneCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    sessions, _ = ResidentSession.objects.filter(expires_at__lt=old).delete()
    return {"logs": logs, "attempts": attempts, "looks": looks, "codes": codes, "sessions": sessions}
