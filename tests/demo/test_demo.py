"""The demo office: built through the real doors, never into a real office."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command

from cast import SHANGHAI, Cast
from chenyue.catalogue.queries import catalogue
from chenyue.core import office as settings
from chenyue.core.errors import Refusal
from chenyue.demo import clearing, matters, rhythm
from chenyue.demo.office import table
from chenyue.demo.world import Life, World
from chenyue.people.models import Member, Role
from chenyue.places.models import Place
from chenyue.workdays.queries import calendar
from helpers import ROOT

SUNDAY_NIGHT = "2026-11-22T21:40"


def test_a_real_office_is_refused_and_stays_as_it_is(cast: Cast) -> None:
    before = Member.objects.count(), Place.objects.count()
    with pytest.raises(CommandError, match="real office"):
        call_command("demo")
    with pytest.raises(CommandError, match="real office"):
        call_command("demo", "--again")
    with pytest.raises(Refusal):
        clearing.clear()
    assert (Member.objects.count(), Place.objects.count(), settings.get("demo")) == (*before, False)


def test_what_is_written_fits_the_office(cast: Cast) -> None:
    """Categories, units, roles and places of the data files exist, and each story's code is known."""
    known = catalogue()
    written = [m.code for m in matters.all_matters()]
    written += [row["code"] for name in ("stories", "today") for row in table(name)["story"]]
    assert not [code for code in written if code not in known.by_code]
    places = {p.full_name for p in Place.objects.all()}
    for name in ("stories", "today"):
        assert not [row["place"] for row in table(name)["story"] if row.get("place", "金桂苑") not in places]
    roles = set(Role.objects.values_list("code", flat=True))
    for row in table("people")["member"]:
        assert set(row["roles"]) <= roles
        assert set(row.get("units", [])) <= set(known.unit_by_code)


def test_sentences_are_ours_many_and_filled() -> None:
    rows = matters.all_matters()
    assert len({words for m in rows for words in m.words}) > 120
    assert len({m.code for m in rows}) > 50
    for m in rows:
        for words in m.words:
            assert words.count("{") == words.count("{p}") == (0 if m.where == "none" else words.count("{p}"))
        assert m.told and m.done and m.weight > 0


def test_the_rhythm_has_its_peaks_and_its_quiet_days(db: None) -> None:
    now = datetime(2026, 11, 22, 21, 40, tzinfo=SHANGHAI)
    found = list(rhythm.arrivals(now, 90, 40, Random(1)))
    moments = [moment for moment, _channel in found]
    assert moments == sorted(moments)
    assert moments[-1] < now
    days = [sum(m.weekday() == day for m in moments) for day in range(7)]
    assert max(days) == days[1]
    assert min(days) == days[5]
    hours = [sum(m.hour == hour for m in moments) for hour in range(24)]
    assert hours.index(max(hours)) == 10
    assert hours[15] > hours[13] > hours[3]
    open_on = calendar().is_workday
    assert not [m for m, channel in found if channel == "reception" and (m.hour < 7 or not open_on(m.date()))]


def _manage(home: Path, *words: str) -> str:
    """A command in a data folder of its own, as the Makefile calls it."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env=clean | {"CHENYUE_HOME": str(home), "CHENYUE_DEMO": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Refused" not in done.stderr, done.stderr
    return done.stdout


ALIVE = """
import json
from datetime import datetime
from django.utils import timezone
from chenyue.cases import queries
from chenyue.cases.models import Appeal, Case
from chenyue.core import office
from chenyue.followup import queries as followup
from chenyue.notify.models import Message
from chenyue.people.models import Member
from chenyue.reception.lifecycle import LIVE
from chenyue.reception.models import Sitting, SittingReport, Ticket, VisitAppeal
from chenyue.reception.queue.queries import coverage
from chenyue.works import queries as works
from chenyue.works.models import Objection, PlanVersion
from chenyue.timeline.models import Entry
from chenyue.triage.matters import matters
now = timezone.make_aware(datetime(2026, 11, 22, 21, 40))
li = Member.objects.get(username="li")
tally = works.tally(PlanVersion.objects.filter(state="published").latest("pk"), now)
found = queries.desk_counts(li, now) | {
    "extensions": queries.desk_counts(Member.objects.get(username="zhao"), now)["extensions"],
    "to_accept": queries.desk_counts(Member.objects.get(username="lin"), now)["to_accept"],
    "calls": followup.due(li, now).count(), "refusals": followup.refusals_for(li).count(),
    "joint": Case.objects.filter(handling="joint").count(), "round2": Case.objects.filter(round=2).count(),
    "future": Case.objects.filter(touched_at__gt=now).count(), "queued": Message.objects.filter(state="queued").count(),
    "passwords": sum(m.has_usable_password() for m in Member.objects.all()),
    "received": Sitting.objects.filter(state="open").count(), "line": Ticket.objects.filter(state__in=LIVE).count(),
    "reports": SittingReport.objects.count(), "filed": VisitAppeal.objects.count(), "told": coverage(now).told,
    "left_over": Sitting.objects.filter(state="planned", ends_at__lt=now).count(),
    "parted": Appeal.objects.exclude(part_of=None).count(),
    "drafted": Entry.objects.filter(verb="case.draft_taken").count(),
    "lists": sum(len(matters(a.words)) > 1 for a in Appeal.objects.filter(case__state="received")),
    "signed": tally.decision.homes_voting, "short": tally.decision.quorum_heads.short, "for": tally.support.homes,
    "against": tally.against.homes, "objections": Objection.objects.exclude(state="accepted").count(),
    "open_office": office.get("demo") and office.get("set_up"),
}
print("FOUND" + json.dumps(found))
"""


@pytest.mark.own_database
def test_a_quiet_season_of_life(tmp_path: Path) -> None:
    """On a Sunday night the desk is alive, nothing was refused on the way, and every chain verifies."""
    _manage(tmp_path, "migrate", "--verbosity", "0")
    assert " cases up to 2026-11-22 21:40" in _manage(
        tmp_path, "demo", "--at", SUNDAY_NIGHT, "--days", "70", "--pace", "0.1", "--no-backup"
    )
    shown = _manage(tmp_path, "shell", "--no-imports", "-c", ALIVE)
    found = json.loads(shown.split("FOUND", 1)[1].splitlines()[0])
    for name in ("late", "due_2h", "inbox", "to_dispatch", "returns", "waiting", "extensions", "to_accept", "calls",
                 "refusals", "joint", "round2", "received", "line", "reports", "filed", "told",
                 "signed", "short", "for", "against", "objections",
                 "parted", "drafted", "lists"):  # fmt: skip
        assert found[name] > 0, name
    assert found["future"] == found["queued"] == found["passwords"] == found["left_over"] == 0
    assert found["open_office"] is True
    assert "as it was written" in _manage(tmp_path, "verify_timeline")
    assert "is here already" in _manage(tmp_path, "demo")
    assert " cases up to " in _manage(
        tmp_path, "demo", "--again", "--at", SUNDAY_NIGHT, "--days", "1", "--pace", "0", "--no-backup"
    )


def test_a_life_that_is_refused_ends_alone(cast: Cast) -> None:
    seen: list[datetime] = []
    now = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)

    def bad() -> Life:
        yield now - timedelta(hours=2)
        raise Refusal("No.")

    def good() -> Life:
        yield now - timedelta(hours=1)
        seen.append(world.at)
        yield now + timedelta(hours=1)
        seen.append(world.at)

    world = World(now)
    world.begin(now - timedelta(hours=3), bad())
    world.begin(now - timedelta(hours=3), good())
    world.run()
    assert world.refused == ["No."]
    assert seen == [now - timedelta(hours=1)]
