"""Regular clean-up of what people leave behind. For how long it is kept, the office says (`core.keeping`)."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from chenyue.core import keeping, ticks
from chenyue.core.keeping import Found
from chenyue.people.models import Look, PhoneCode, ResidentSession

DAY = 24 * 3600
SIGN_INS, SESSIONS, LOOKS = "people.sign_ins", "people.sessions", "people.looks"


def _sign_ins(before: datetime, at: datetime) -> Found:
    good, bad = (
        keeping.counted(model.objects.filter(attempt_time__lt=before), "attempt_time")
        for model in (AccessLog, AccessFailureLog)
    )
    oldest = min((one.oldest for one in (good, bad) if one.oldest), default=None)
    return Found(good.rows + bad.rows, 0, oldest)


# Six months at least: 网络安全法 21. Three years of what was handled: 个人信息保护法 56; the timeline's entry stays.
keeping.register(SIGN_INS, days=365, least=183, look=_sign_ins)
keeping.register(
    SESSIONS, days=365, least=183,
    look=lambda before, at: keeping.counted(ResidentSession.objects.filter(expires_at__lt=before), "expires_at"),
)  # fmt: skip
keeping.register(
    LOOKS, days=3 * 365, least=3 * 365,
    look=lambda before, at: keeping.counted(Look.objects.filter(until__lt=before), "until"),
)  # fmt: skip


@ticks.every(DAY, "people.clean")
def clean(at: datetime) -> dict[str, int]:
    """Drop old sign-in records, and looks whose resident needn't be named any more."""
    old = keeping.before(SIGN_INS, at)
    logs = sum(model.objects.filter(attempt_time__lt=old).delete()[0] for model in (AccessLog, AccessFailureLog))
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=at - timedelta(days=1)).delete()
    looks, _ = Look.objects.filter(until__lt=keeping.before(LOOKS, at)).delete()
    codes, _ = PhoneCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    sessions, _ = ResidentSession.objects.filter(expires_at__lt=keeping.before(SESSIONS, at)).delete()
    for name, count in ((SIGN_INS, logs), (LOOKS, looks), (SESSIONS, sessions)):
        keeping.told(name, count, at)
    return {"logs": logs, "attempts": attempts, "looks": looks, "codes": codes, "sessions": sessions}
