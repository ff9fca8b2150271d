"""What was laid on the table: papers, photographs, measurements; who may see them, and where originals are."""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.kept_files import PDF, PHOTO, Opened, Prepared, kept
from chenyue.mediation import acts, seeing
from chenyue.mediation.lifecycle import EvidenceKind
from chenyue.mediation.models import Evidence, Mediation, Party
from chenyue.people.models import Member
from chenyue.timeline.models import VisibleTo

ROOT = "evidence"
FOLDER = f"{ROOT}/%Y/%m"
MOST_PAGES = 2000
PRIVATE = (EvidenceKind.IDENTITY, EvidenceKind.AUTHORITY)  # copies of identity cards: of no use to the other side


def shared_with(party: Party) -> QuerySet[Evidence]:
    """What a party may see: what is shared with all, and what it handed in itself."""
    rows = Evidence.objects.filter(mediation=party.mediation_id, removed_at=None)
    return rows.filter(Q(shared=True) | Q(party=party.pk)).order_by("number")


def list_for(member: Member, mediation: Mediation) -> QuerySet[Evidence]:
    """What a member may see: all of it for who works on it, else what is shared with all parties."""
    rows = Evidence.objects.filter(mediation=mediation.pk, removed_at=None).select_related("party")
    if seeing.handles(member, mediation):
        return rows.order_by("number")
    if not seeing.may(member, mediation, "attend"):
        return rows.none()
    return rows.filter(shared=True).exclude(kind__in=PRIVATE).order_by("number")


def evidence_for(member: Member, mediation: Mediation, number: int) -> Evidence:
    """One piece, by its number. Raises NotFound."""
    row = list_for(member, mediation).filter(number=number).first()
    if row is None:
        raise NotFound
    row.mediation = mediation
    return row


def add(
    *,
    mediation: Mediation,
    kind: str,
    title: str,
    by: Actor,
    at: datetime,
    uploads: Sequence[Any] = (),
    source: str = "",
    party: Party | None = None,
    shared: bool = False,
    pages: int | None = None,
    original: str = "",
) -> list[Evidence]:
    """Keep what was handed in: a row for each file, or one for a paper that isn't scanned.

    `party`: who handed it in; None: the mediators found it. `pages`: of one that isn't scanned; those of files are
    counted. Taken down by who works on it, or sent by the party itself on its own page. Raises Refusal, NotAllowed.
    """
    with ExitStack() as stack:
        files = stack.enter_context(kept(list(uploads), folder=FOLDER)) if uploads else []
        row = stack.enter_context(acts.locked(mediation))
        _may_add(by, row, party)
        made = _new(row, kind, title, source, party, shared, original)
        made.at, made.by = at, by.user
        if party is not None and (party.mediation_id != row.pk or party.left_at is not None):
            raise Refusal(_("This party is no longer part of the mediation."), field="party", code="left")
        if not files and pages is not None and not 1 <= pages <= MOST_PAGES:
            raise Refusal(_("Check the number of pages."), field="pages", code="pages")
        rows = _rows(row, made, files, pages or 1)
        for one in rows:
            _tell(one, "evidence_added", by, at)
    return rows


def _new(
    row: Mediation, kind: str, title: str, source: str, party: Party | None, shared: bool, original: str
) -> Evidence:
    acts.one_of(EvidenceKind.values, kind, "kind")
    if shared and kind in PRIVATE:
        raise Refusal(_("Proofs of identity and powers of attorney aren't shown to the other side."), field="shared")
    return Evidence(
        mediation=row, kind=kind, title=acts.words(title, "title", needed=True, most=120), party=party,
        source=acts.words(source, "source", most=120), shared=shared,
        original=acts.words(original, "original", most=80),
    )  # fmt: skip


def _rows(row: Mediation, model: Evidence, files: list[Prepared], pages: int) -> list[Evidence]:
    number = row.evidence.aggregate(n=Max("number"))["n"] or 0
    shared = {
        name: getattr(model, name)
        for name in ("mediation", "kind", "title", "party", "source", "shared", "original", "at", "by")
    }
    if not files:
        return [Evidence.objects.create(number=number + 1, pages=pages, **shared)]
    made = []
    for n, file in enumerate(files, 1):
        title = shared["title"] if len(files) == 1 else f"{shared['title'][:110]}（{n}）"
        made.append(
            Evidence(
                **shared | {"title": title},
                number=number + n,
                path=file.path,
                preview=file.preview,
                name=file.name,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                pages=_pages(file),
            )
        )
    return Evidence.objects.bulk_create(made)


def _pages(file: Prepared) -> int:
    """Pages of a PDF; a photograph is one. Raises Refusal for a PDF that can't be read or is locked."""
    if file.content_type != PDF:
        return 1
    import pikepdf  # large: only who hands in a PDF needs it

    try:
        with default_storage.open(file.path, "rb") as stored, pikepdf.open(io.BytesIO(stored.read())) as pdf:
            count = len(pdf.pages)
    except pikepdf.PasswordError as error:
        sentence = _("“%(name)s” is locked with a password. Save it without one.") % {"name": file.name}
        raise Refusal(sentence, field="attachments", code="locked") from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        sentence = _("“%(name)s” can't be read as a PDF.") % {"name": file.name}
        raise Refusal(sentence, field="attachments", code="broken") from error
    if not 1 <= count <= MOST_PAGES:
        sentence = _("“%(name)s” has too many pages.") % {"name": file.name}
        raise Refusal(sentence, field="attachments", code="pages")
    return count


def share(*, evidence: Evidence, shared: bool, by: Actor, at: datetime) -> Evidence:
    """Let all parties see it, or no longer. What they have read, they have read: both stand on the timeline."""
    with _held(evidence, by) as row:
        if shared and row.kind in PRIVATE:
            raise Refusal(
                _("Proofs of identity and powers of attorney aren't shown to the other side."), code="private"
            )
        if row.shared != shared:
            row.shared = shared
            row.save(update_fields=["shared"])
            _tell(row, "evidence_shared" if shared else "evidence_unshared", by, at, everyone=True)
    return row


def returned(*, evidence: Evidence, by: Actor, at: datetime) -> Evidence:
    """The original was given back to who handed it in."""
    with _held(evidence, by) as row:
        if not row.original:
            raise Refusal(_("No original of it was kept here."), code="no_original")
        if row.original_lost_at is not None:
            raise Conflict(_("Its original is on record as lost."))
        if row.original_returned_at is None:
            row.original_returned_at = at
            row.save(update_fields=["original_returned_at"])
            _tell(row, "original_returned", by, at)
    return row


def lost(*, evidence: Evidence, why: str, by: Actor, at: datetime) -> Evidence:
    """The original is lost: the statement of how stays with it, and with the dossier. Its copy and hash remain."""
    with _held(evidence, by) as row:
        if row.original_returned_at is not None:
            raise Conflict(_("Its original was given back already."))
        if row.original_lost_at is None:
            row.original_lost_why = acts.words(why, "why", needed=True, most=200)
            row.original_lost_at = at
            row.save(update_fields=["original_lost_at", "original_lost_why"])
            _tell(row, "original_lost", by, at)
    return row


def remove(*, evidence: Evidence, why: str, by: Actor, at: datetime) -> Evidence:
    """Taken in by mistake: it stands in no list any more; its number isn't given again, the reason is on record."""
    with _held(evidence, by) as row:
        if row.removed_at is None:
            reason = acts.words(why, "why", needed=True, most=200)
            row.removed_at = at
            row.save(update_fields=["removed_at"])
            data = {"number": row.number}
            acts.record(row.mediation, "evidence_removed", by=by, at=at, data=data, said=reason)
    return row


def opened(*, evidence: Evidence, by: Actor, at: datetime, preview: bool = False) -> Opened:
    """The file for sending; that somebody took it is written down (not its small picture). Raises NotFound.

    Who may see it, the caller has asked: `evidence_for`, `shared_with`.
    """
    path = evidence.preview if preview else evidence.path
    if not path or evidence.removed_at is not None:
        raise NotFound
    if preview:
        return Opened(default_storage.open(path, "rb"), PHOTO, evidence.name)
    acts.record(evidence.mediation, "evidence_opened", by=by, at=at, data={"number": evidence.number})
    return Opened(default_storage.open(path, "rb"), evidence.content_type, evidence.name)


@contextmanager
def _held(evidence: Evidence, by: Actor) -> Iterator[Evidence]:
    """One piece, locked with its mediation, by who works on it."""
    with acts.locked(evidence.mediation_id) as mediation:
        seeing.check(by, mediation, "conduct", "manage")
        rows = Evidence.objects.select_for_update(of=("self",))
        row = rows.filter(pk=evidence.pk, mediation=mediation, removed_at=None).first()
        if row is None:
            raise NotFound
        row.mediation = mediation
        yield row


def _may_add(by: Actor, mediation: Mediation, party: Party | None) -> None:
    if by.kind == "resident":
        if party is None or by.key != acts.subject_of(party):
            raise NotAllowed
        return
    seeing.check(by, mediation, "conduct", "manage")


def _tell(row: Evidence, verb: str, by: Actor, at: datetime, *, everyone: bool = False) -> None:
    """Everybody reads of what is shared; of what is one side's, that side alone. Titles may name people: left out."""
    data = {"number": row.number, "kind": row.kind}
    if row.shared or everyone or row.party is None:
        level = VisibleTo.RESIDENT if row.shared or everyone else VisibleTo.OFFICE
        acts.record(row.mediation, verb, by=by, at=at, data=data, visible_to=level)
    else:
        acts.record_for(row.party, verb, by=by, at=at, data=data)
