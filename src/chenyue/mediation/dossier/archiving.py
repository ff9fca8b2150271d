"""A dossier is closed and kept: complete, as it was made, under its hash. What comes later is a new volume."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chenyue.core import kept_files, papers, ticks
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.core.kept_files import Opened
from chenyue.mediation import acts, seeing
from chenyue.mediation.dossier import contents, lacking
from chenyue.mediation.dossier.gathering.matter import Matter
from chenyue.mediation.lifecycle import ENDED
from chenyue.mediation.models import Dossier, DossierDocument, Mediation, Party
from chenyue.people.models import Look
from chenyue.timeline.models import Entry

DAY = 24 * 3600
KEPT_FOR = timedelta(days=30)  # files of volumes that newer ones replaced before they were archived
SILENT = ("mediation.dossier", "mediation.looked", "mediation.evidence_opened")  # entries that change no paper
# Papers that name addresses and numbers: who takes one has looked at them.
PERSONAL = {"application", "acceptance", "agreement", "oral", "identity", "authority", "confirmation", "whole"}


def volumes(mediation: Mediation) -> list[Dossier]:
    """All volumes, newest first, with their parts. Two statements."""
    rows = Dossier.objects.filter(mediation=mediation.pk).select_related("asked_by").prefetch_related("documents")
    return list(rows.order_by("-number"))


def volume_for(mediation: Mediation, number: int) -> Dossier:
    """One volume. Raises NotFound."""
    row = Dossier.objects.filter(mediation=mediation.pk, number=number).first()
    if row is None:
        raise NotFound
    row.mediation = mediation
    return row


def lacks(mediation: Mediation, at: datetime) -> list[lacking.Lack]:
    """What is missing to close the dossier as of now, what is grave first."""
    with translation.override("zh-hans"):  # papers are Chinese; the sentences are put into words later
        matter = Matter(mediation, at)
        found = contents.items(matter)
    return lacking.of(matter, found)


def archive(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """Close it. Raises Refusal where something mandatory is missing or changed since it was made, Conflict."""
    with acts.locked(dossier.mediation_id) as row:
        seeing.check(by, row, "manage")
        held = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        if held.state == "archived":
            return held
        if held.state != "made" or row.dossiers.filter(number__gt=held.number).exists():
            raise Conflict(_("Only the newest volume that is made can be closed."))
        if row.stage not in ENDED:
            raise Refusal(_("The mediation hasn't ended yet; a dossier is closed at its end."), code="open")
        if grave := [lack for lack in lacks(row, at) if lack.grave]:
            raise Refusal(_("Missing: %(what)s") % {"what": grave[0].sentence}, code="lacking")
        if _changed_since(row, held.number):
            raise Refusal(
                _("Something was written down after this volume was made. Make it anew, then close it."), code="changed"
            )
        _unchanged(held)
        held.state, held.archived_at = "archived", at
        held.save(update_fields=["state", "archived_at"])
        data = {"volume": held.number, "sha256": held.sha256, "pages": held.pages, "keep": held.retention}
        acts.record(row, "dossier_archived", by=by, at=at, data=data)
    return held


def _changed_since(mediation: Mediation, volume: int) -> bool:
    """Whether the timeline of the mediation, or of a party, goes on after this volume was asked for.

    By the order of entries, not by their moments: something may be written down for an hour that lies ahead.
    """
    own = Entry.objects.filter(subject=mediation.subject, verb="mediation.dossier_asked").order_by("-pk")
    asked = next((pk for pk, data in own.values_list("pk", "data") if data.get("volume") == volume), 0)
    parties = Party.objects.filter(mediation=mediation).values_list("pk", flat=True)
    subjects = [mediation.subject, *(acts.subject_of(pk) for pk in parties)]
    quiet = Q()
    for verb in SILENT:
        quiet |= Q(verb__startswith=verb)
    return Entry.objects.filter(subject__in=subjects, pk__gt=asked).exclude(quiet).exists()


def _unchanged(dossier: Dossier) -> None:
    """The file on disk is the one that was made: its hash says so. Raises Refusal."""
    import hashlib

    try:
        with default_storage.open(dossier.path, "rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == dossier.sha256
    except OSError:
        same = False
    if not same:
        raise Refusal(_("The file isn't as it was made. Make the dossier anew."), code="damaged")


def taken(*, dossier: Dossier, what: str, order: int = 0, by: Actor, at: datetime) -> Opened:
    """The whole as PDF (`whole`), or one part as `pdf` or `word`; who took what is written down. Raises NotFound.

    Of residents among the parties it is a look at their data, too: they see it in their copy.
    """
    mediation = dossier.mediation
    seeing.check(by, mediation, "conduct", "manage")
    name = f"{dossier.file_number} 卷宗第{dossier.number}册.pdf"
    path, code, kind = dossier.path, "whole", papers.PDF
    if what != "whole":
        part = DossierDocument.objects.filter(dossier=dossier, order=order).first()
        if part is None or what not in ("pdf", "word"):
            raise NotFound
        path, code = (part.pdf_path, part.code) if what == "pdf" else (part.word_path, part.code)
        kind = papers.PDF if what == "pdf" else papers.WORD
        name = f"{dossier.file_number} {part.order:02d} {part.title}.{'pdf' if what == 'pdf' else 'docx'}"
    if not path:
        raise NotFound
    data = {"volume": dossier.number, "what": what, "order": order}
    acts.record(mediation, "dossier_opened", by=by, at=at, data=data)
    looked(mediation, code, by, at)
    return Opened(default_storage.open(path, "rb"), kind, file_name(name))


def looked(mediation: Mediation, code: str, by: Actor, at: datetime) -> None:
    """A paper with addresses and numbers was taken: a look at every resident among the parties. Two statements."""
    if code not in PERSONAL or by.user is None:
        return
    rows = Party.objects.filter(mediation=mediation).exclude(resident=None).order_by("order")
    residents = sorted({pk for pk in rows.values_list("resident_id", flat=True) if pk is not None})
    Look.objects.bulk_create(
        Look(
            member=by.user, resident_id=pk, reason="调解卷宗文书", subject=mediation.subject, at=at, until=at
        )
        for pk in residents
    )  # fmt: skip


def file_name(name: str) -> str:
    """A name that every system takes."""
    return "".join("_" if c in '/\\:*?"<>|' else c for c in name).replace("　", " ")[:150]


@ticks.every(DAY, "mediation.dossiers")
def sweep(at: datetime) -> int:
    """Delete files of volumes that newer ones replaced a month ago, and files that no row knows. How many volumes."""
    old = Dossier.objects.filter(state="made", made_at__lt=at - KEPT_FOR).exclude(path="").order_by("pk")
    gone = 0
    for row in old:
        if not Dossier.objects.filter(mediation=row.mediation_id, number__gt=row.number, state__in=NEWER).exists():
            continue
        parts = list(row.documents.all())
        kept_files.remove(row.path, *(path for part in parts for path in (part.pdf_path, part.word_path)))
        row.documents.update(pdf_path="", word_path="")
        Dossier.objects.filter(pk=row.pk).update(path="")
        gone += 1
    kept_files.sweep("dossiers", _known, at)
    return gone


NEWER = ("made", "archived")


def _known(paths: set[str]) -> set[str]:
    found = set(Dossier.objects.filter(path__in=paths).values_list("path", flat=True))
    for name in ("pdf_path", "word_path"):
        found |= set(DossierDocument.objects.filter(**{f"{name}__in": paths}).values_list(name, flat=True))
    return found
