"""The demo office on how long things are kept: one kind decided by two, one that waits for the second, one hold."""

from datetime import datetime, timedelta

from chenyue.cases.lifecycle import State
from chenyue.cases.models import Case
from chenyue.demo.office import Office
from chenyue.upkeep.keeping import deciding, papers_kept, people_kept


def lived(here: Office, now: datetime) -> None:
    """What whoever handles personal data finds on the first day. Nothing is old enough to go."""
    admin, zhao = here.members["qian"].actor(), here.members["zhao"].actor()
    began = now - timedelta(days=20)
    letters = deciding.ask(
        kind=papers_kept.LETTERS, days=365, reason="主任办公会纪要：短信和邮件原文保存一年", by=admin, at=began
    )
    deciding.agree(request=letters, by=zhao, at=began + timedelta(hours=3))
    deciding.ask(
        kind=people_kept.NAME, days=1095, reason="参照本街道档案保管期限表，办结三年后不再保存联系方式", by=admin,
        at=now - timedelta(days=2),
    )  # fmt: skip
    closed = Case.objects.filter(state=State.CLOSED).order_by("closed_at", "pk").first()
    if closed is not None:
        deciding.hold(number=closed.number, reason="当事人已提起行政诉讼，材料留存至结案", by=zhao, at=began)
