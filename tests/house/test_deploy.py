"""What deploy/ promises is there: metrics that dashboards and alarms ask for, paths that services start."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from chenyue.core import serving, ticks, vitals
from chenyue.core.models import Counter

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\bchenyue_[a-z_]+")
# What Prometheus adds to the name of a histogram.
PARTS = re.compile(r"_(?:bucket|sum|count)$")


def asked(name: str) -> set[str]:
    return {PARTS.sub("", found) for found in METRIC.findall((DEPLOY / name).read_text())}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["grafana.json", "alerts.yml"])
def test_every_metric_that_is_asked_for_is_shown(name: str, client: Any) -> None:
    shown = client.get("/metrics").content.decode()
    assert len(asked(name)) >= 5
    missing = {metric for metric in asked(name) if not re.search(rf"^# TYPE {metric} ", shown, re.MULTILINE)}
    assert not missing


def test_the_dashboard_is_whole() -> None:
    board = json.loads((DEPLOY / "grafana.json").read_text())
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    assert all(target["expr"] for panel in board["panels"] for target in panel["targets"])


def test_services_start_what_is_there() -> None:
    unit = (DEPLOY / "chenyue.service").read_text()
    start = re.search(r"^ExecStart=/opt/chenyue/(\S+)", unit, re.MULTILINE)
    assert start
    assert (ROOT / start[1]).stat().st_mode & 0o100
    assert "ReadWritePaths=/srv/chenyue" in unit
    assert "UMask=0077" in unit


def test_the_service_is_stopped_in_order_and_outlives_a_worker() -> None:
    unit = (DEPLOY / "chenyue.service").read_text()
    assert {"KillMode=mixed", "OOMPolicy=continue", "KillSignal=SIGTERM"} <= set(unit.splitlines())
    within = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert within and int(within[1]) > serving.GRACE


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_counters_stay_inside_and_live_pages_flow(name: str) -> None:
    said = (DEPLOY / name).read_text()
    assert "/metrics" in said
    assert "404" in said
    assert "proxy_buffering off" in said or "flush_interval -1" in said


@pytest.mark.django_db
def test_regular_work_that_stands_still_is_seen() -> None:
    at = timezone.now()
    Counter.objects.filter(name=ticks.PREFIX + vitals.PULSE).delete()
    assert vitals.quiet_for(at) == -1
    ticks._claim(ticks.known()[vitals.PULSE], int(at.timestamp()))
    assert vitals.quiet_for(at) < 2
    later = at + timedelta(minutes=7)
    assert 418 < vitals.quiet_for(later) < 422
