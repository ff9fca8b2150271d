"""Telling those who look after the machine: a backup failed, or none was proved for days."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.core.whose import whose
from chenyue.notify import alerts
from chenyue.notify.actions import notice
from chenyue.people.queries import members_with
from chenyue.upkeep.backups.troubles import said
from chenyue.upkeep.models import BackupRun

WORD = "upkeep.manage"
KIND = "upkeep"


def tell(found: BackupRun) -> None:
    """What went wrong, once a day for each reason; nothing if all is well."""
    if found.trouble and found.ended_at is not None:
        wrong, do = said(found.trouble, found.told)
        text = _("The backup failed: %(wrong)s %(do)s") if found.state == BackupRun.State.FAILED else "%(wrong)s %(do)s"
        _ring(text % {"wrong": wrong, "do": do}, f"backup:{found.trouble}", found.ended_at)


def tell_if_old(at: datetime) -> bool:
    """Once a day, while no backup was proved for as many days as the office allows; whether it was told."""
    days = int(office.get("backup_warn_days"))
    last = last_proved()
    since = last.started_at if last else office_since()
    if whose() or not days or since is None or at - since < timedelta(days=days):
        return False
    _ring(
        _("For %(days)d days no backup was proved. Look at the page of the backups.") % {"days": (at - since).days},
        "backup:old",
        at,
    )
    return True


def _ring(text: str, key: str, at: datetime) -> None:
    key = f"{key}:{timezone.localtime(at):%Y-%m-%d}"
    path = reverse("upkeep:backups")
    notice([member.pk for member in members_with(WORD)], text, path, key, at, urgent=True)
    alerts.ring(kind=KIND, title=_("Backup"), text=text, path=path, key=key, at=at)


def last_proved() -> BackupRun | None:
    """The newest backup that was brought back and proved."""
    return BackupRun.objects.filter(state=BackupRun.State.PROVED).order_by("-started_at").first()


def office_since() -> datetime | None:
    """When the first member came; None while there is nobody."""
    from chenyue.people.models import Member

    return Member.objects.order_by("joined_at").values_list("joined_at", flat=True).first()
