"""Counters of the whole machine, for this machine itself only: no office is shown how busy another one is."""

from collections.abc import Callable
from functools import partial

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from chenyue.city import register
from chenyue.city.models import HandOver
from chenyue.core import metrics
from chenyue.core.views import asked_here
from chenyue.core.whose import within


def shown(request: HttpRequest) -> HttpResponse | None:
    """Requests as everywhere, and of all offices: how many there are, jobs that wait or failed, offices in trouble.

    None for whoever isn't this machine.
    """
    from prometheus_client import CONTENT_TYPE_LATEST

    if not asked_here(request):
        return None
    offices = [one for one in register.offices(fresh=True) if one.is_open]
    waiting, failed, broken = _sums(offices)
    with within(""):
        under_way = HandOver.objects.filter(state=HandOver.State.SENT).count()
    now = {
        "chenyue_offices": ("Offices that are open", len(offices)),
        "chenyue_offices_in_trouble": ("Offices whose tables can't be read", broken),
        "chenyue_jobs_waiting": ("Jobs in the queues of all offices", waiting),
        "chenyue_jobs_failed": ("Jobs that failed for good", failed),
        "chenyue_hand_overs_under_way": ("Cases between two offices", under_way),
    }
    return HttpResponse(metrics.shown(now, partial(_worst, offices)), content_type=CONTENT_TYPE_LATEST)


def _worst(offices: list[register.Listed], read: Callable[[], float]) -> float:
    """The largest of all offices: what is watched is an age, or a number of things that wait."""
    found = []
    for office in offices:
        try:
            with within(office.schema):
                found.append(read())
        except DatabaseError:
            continue
    return max(found, default=0.0)


def _sums(offices: list[register.Listed]) -> tuple[int, int, int]:
    waiting = failed = broken = 0
    for office in offices:
        try:
            with within(office.schema), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT (SELECT count(*) FROM django_q_ormq), "
                    "(SELECT count(*) FROM django_q_task WHERE NOT success)"
                )
                row = cursor.fetchone()
        except DatabaseError:
            broken += 1
            continue
        waiting, failed = waiting + row[0], failed + row[1]
    return waiting, failed, broken
