"""Programs of the demo office: a token that is used, one that waits to be taken, a webhook, a calendar."""

from datetime import datetime, timedelta

from chenyue.demo.office import Office
from chenyue.gateway.api import tokens
from chenyue.gateway.calendars import keeping as calendars
from chenyue.gateway.webhooks import keeping as webhooks


def offered(here: Office, now: datetime) -> None:
    """Offered by the administrator; the secrets of what was taken are thrown away, so that nothing can be called."""
    admin, li, zhao = here.members["qian"], here.members["li"], here.members["zhao"]
    long_ago = now - timedelta(days=40)
    sync = tokens.offer(
        name="12345工单同步", purpose="把热线工单登记进来，并取回办理结果", owner=li, words=["case.file", "case.see"],
        read_only=False, hourly=600, expires_at=now + timedelta(days=140), by=admin.actor(), at=long_ago,
    )  # fmt: skip
    tokens.take(token=sync, by=li.actor(), at=long_ago + timedelta(hours=2))
    tokens.offer(
        name="区运行看板", purpose="每天读取三率和超期事项", owner=zhao, words=["case.see", "insight.see"],
        read_only=True, hourly=120, expires_at=now + timedelta(days=90), by=admin.actor(), at=now - timedelta(days=1),
    )  # fmt: skip
    webhooks.offer(
        name="12345工单同步", purpose="事项答复、办结后通知热线平台", owner=li, address="https://hotline.example.org/chenyue",
        events=["case.answered", "case.closed", "case.reopened"], by=admin.actor(), at=now - timedelta(hours=3),
    )  # fmt: skip
    calendars.make(wanted="mine", by=here.members["lin"].actor(), at=now - timedelta(days=9))
