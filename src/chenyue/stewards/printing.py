"""Posters and cards by the hundred: asked for on a page, made by a job with progress, kept for a month."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chenyue.core import jobs, papers, ticks
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.notify.actions import notice
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.models import Kind, Place
from chenyue.stewards import on_paper
from chenyue.stewards.models import PrintJob
from chenyue.timeline import actions as timeline

WORD = "steward.manage"
KINDS = {"poster": _("Door posters, A4"), "card": _("Contact cards, ten on a sheet")}
MOST = 1000  # buildings in one file
STEP = 25  # buildings between two notes of progress
KEPT_FOR = timedelta(days=30)
DAY = 24 * 3600
DATA = Path(__file__).parent / "data"


def path_of(job: PrintJob) -> Path:
    """Where the file of a job lies."""
    folder = Path(settings.HOME) / "papers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{job.pk}.pdf"


def ask(*, kind: str, building_ids: Collection[int], base: str, by: Actor, at: datetime) -> PrintJob:
    """Ask for posters or cards; `base` is the address that their codes open. Raises Refusal, NotAllowed."""
    if not may(by.user, WORD):
        raise NotAllowed
    if kind not in KINDS:
        raise Refusal(_("Choose posters or cards."), field="kind", code="kind")
    rows = Place.objects.filter(pk__in=set(building_ids), kind=Kind.BUILDING, active=True)
    found = list(rows.order_by("community_id", "estate_id", "pk").values_list("pk", flat=True))
    if not found:
        raise Refusal(_("Choose at least one building."), field="buildings", code="none")
    if len(found) > MOST:
        raise Refusal(_("At most 1000 buildings fit into one file. Choose fewer."), field="buildings", code="many")
    with transaction.atomic():
        job = PrintJob.objects.create(kind=kind, buildings=found, base=base, made_by=by.user, made_at=at)
        data = {"kind": kind, "count": len(found)}
        timeline.record(subject="office:papers", verb="papers.asked", by=by, at=at, data=data)
        jobs.enqueue("stewards.print", pk=job.pk)
    return job


def job_for(member: Member, pk: int) -> PrintJob:
    """A print that a member may look at: posters are public, so all who appoint stewards share them."""
    job = PrintJob.objects.filter(pk=pk).select_related("made_by").first() if may(member, WORD) else None
    if job is None:
        raise NotFound
    return job


@jobs.job("stewards.print")
def make(pk: int) -> None:
    """Set the paper and tell its asker. Made once, however often it is asked for; a failure is shown and raised."""
    job = PrintJob.objects.filter(pk=pk, state__in=("asked", "running")).first()
    if job is None:
        return
    try:
        paper = _set(job)
        half = path_of(job).with_suffix(".part")
        half.touch(mode=0o600)
        half.write_bytes(paper)
        half.replace(path_of(job))
    except Exception as error:
        words = str(error.sentence) if isinstance(error, Refusal) else ""
        PrintJob.objects.filter(pk=pk).update(state="failed", words=words[:200], finished_at=timezone.now())
        raise
    at = timezone.now()
    changes = {"file": path_of(job).name, "pages": paper.pages, "missing": paper.missing[:120], "finished_at": at}
    PrintJob.objects.filter(pk=pk).update(state="ready", done=len(job.buildings), **changes)
    text = gettext("Your papers are ready: %(kind)s, %(pages)d pages") % {"kind": KINDS[job.kind], "pages": paper.pages}
    notice([job.made_by_id] if job.made_by_id else [], text, reverse("stewards:print", args=[pk]), f"print:{pk}", at)


def _set(job: PrintJob) -> papers.Paper:
    """Gather door by door, noting progress, then set all in one go: letters are put into the file once."""
    at = timezone.now()
    PrintJob.objects.filter(pk=job.pk).update(state="running", done=0)
    with translation.override("zh-hans"):
        whole = on_paper.data(job.kind, job.buildings[:STEP], job.base, at)
        for first in range(STEP, len(job.buildings), STEP):
            PrintJob.objects.filter(pk=job.pk).update(done=first)
            whole["doors"] += on_paper.doors(job.buildings[first : first + STEP], job.base, at)
    if not whole["doors"]:
        raise Refusal(_("None of these buildings is there any more."))
    return papers.pdf(DATA / f"{job.kind}.typ", whole, at=at, seconds=120)


@ticks.every(DAY, "stewards.papers")
def sweep(at: datetime) -> int:
    """Delete prints after a month, with their files. How many."""
    old = list(PrintJob.objects.filter(made_at__lt=at - KEPT_FOR))
    for job in old:
        path_of(job).unlink(missing_ok=True)
        job.delete()
    return len(old)
