"""The demo office's briefs and open data: a released week and month, a draft, the sheets of the last days, a month."""

from datetime import datetime, timedelta

from django.utils import timezone

from chenyue.core import office as settings
from chenyue.core.actors import SYSTEM, Actor
from chenyue.demo.office import Office
from chenyue.insight import whole
from chenyue.insight.brief import acts, stretches
from chenyue.insight.brief.stretches import Stretch
from chenyue.insight.lifecycle import BriefKind
from chenyue.insight.models import Brief, Follow
from chenyue.insight.opendata import acts as open_data
from chenyue.people import actions as people
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Sitting


def lived(here: Office, now: datetime) -> None:
    """Everything that whoever reads figures finds on the first day."""
    zhao, wu = here.members["zhao"].actor(), here.members["wu"]
    settings.put(
        open_data=True,
        brief_readers={"daily": [here.members["li"].pk], "weekly": [here.members["li"].pk, wu.pk], "monthly": [wu.pk]},
    )
    second = people.save_role(
        code="open_data_second", name="数据公开复核", words=["insight.see", "insight.manage"], by=SYSTEM,
        at=now - timedelta(days=60),
    )  # fmt: skip
    people.give_grant(member=wu, role=second, unit=None, place=None, by=SYSTEM, at=now - timedelta(days=60))
    if not Follow.objects.filter(whole_at__isnull=False).exists():
        whole.recount()
    today = timezone.localdate(now)
    week, month = stretches.last(BriefKind.WEEKLY, today), stretches.last(BriefKind.MONTHLY, today)
    for stretch in (week.before(), month):
        row = _written(stretch, now)
        acts.release(brief=row, by=zhao, at=min(now, _morning(stretch) + timedelta(hours=2)))
    draft = _written(week, now)
    texts = {row[0]: row[1] for row in draft.sentences} | {
        "notes.as_of": "数字截至周一早晨，已请各科室核对；口径见附表。"
    }
    acts.edit(brief=draft, texts=texts, by=zhao, at=min(now, _morning(week) + timedelta(hours=3)))
    _sheets(here, now)
    _open(month, zhao, wu.actor(), now)


def _morning(stretch: Stretch) -> datetime:
    """Six o'clock on the day after."""
    noon = datetime.combine(stretch.until, datetime.min.time(), timezone.get_default_timezone())
    return noon + timedelta(hours=6, minutes=5)


def _written(stretch: Stretch, now: datetime) -> Brief:
    at = min(now, _morning(stretch))
    row, _fresh = acts.begin(stretch=stretch, by=SYSTEM, at=at)
    acts.write(row.pk, at)
    row.refresh_from_db()
    return row


def _sheets(here: Office, now: datetime) -> None:
    """Daily sheets of the last two days on which people were received, the newest still a draft."""
    closed = Sitting.objects.filter(state=SittingState.CLOSED, closed_at__lte=now)
    open_still = set(Sitting.objects.filter(state=SittingState.OPEN).values_list("day", flat=True))
    open_still |= set(Sitting.objects.filter(state=SittingState.PLANNED).values_list("day", flat=True))
    days = sorted(set(closed.values_list("day", flat=True)) - open_still)[-2:]
    for day in days:
        last = closed.filter(day=day).order_by("-closed_at").first()
        assert last is not None and last.closed_at is not None
        at = min(now, last.closed_at + timedelta(minutes=5))
        row, _fresh = acts.begin(stretch=stretches.of(BriefKind.DAILY, day), by=SYSTEM, at=at)
        acts.write(row.pk, at)
        row.refresh_from_db()
        if day != days[-1]:
            acts.release(brief=row, by=here.members["zhao"].actor(), at=min(now, at + timedelta(minutes=20)))


def _open(month: Stretch, maker: Actor, second: Actor, now: datetime) -> None:
    """Last month as open data; a demonstration of few cases may be too small for it."""
    row = open_data.make(month=month.since, by=maker, at=now)
    if not open_data.check(row):  # asked first: a refusal would undo the whole office
        open_data.publish(row=row, by=second, at=now)
