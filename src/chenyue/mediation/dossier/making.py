"""A dossier is made: a job with progress. Each paper as Word and PDF, scans, and the whole as one numbered PDF."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext

from chenyue.core import ids, jobs, kept_files, office, papers
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, seeing
from chenyue.mediation.dossier import binding, contents, lacking, rules
from chenyue.mediation.dossier.binding import Made
from chenyue.mediation.dossier.contents import Item
from chenyue.mediation.dossier.gathering.matter import Matter, Row, day, file_number
from chenyue.mediation.lifecycle import ConfirmationState
from chenyue.mediation.models import Dossier, DossierDocument, Mediation

JOB = "mediation.dossier"
FOLDER = "dossiers/%Y/%m"
STUCK = timedelta(minutes=10)
log = logging.getLogger(__name__)


def ask(*, mediation: Mediation, by: Actor, at: datetime, note: str = "") -> Dossier:
    """Ask for a dossier as of now; a new volume each time. One that is being made already is given instead."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        words = acts.words(note, "note", most=500)
        running = Dossier.objects.filter(mediation=row, state="asked").first()
        if running is not None:
            if at - running.asked_at > STUCK:  # its worker may be gone
                jobs.enqueue(JOB, pk=running.pk)
            return running
        number = (Dossier.objects.filter(mediation=row).aggregate(n=Max("number"))["n"] or 0) + 1
        made = Dossier.objects.create(
            mediation=row, number=number, file_number=file_number(row), title=row.title, note=words,
            filed_by=(by.user.name if by.user else "")[:40], asked_at=at, asked_by=by.user,
        )  # fmt: skip
        acts.record(row, "dossier_asked", by=by, at=at, data={"volume": number})
        jobs.enqueue(JOB, pk=made.pk)
    return made


@jobs.job(JOB)
def make(pk: int) -> None:
    """Make it. Once, however often it is asked for; what goes wrong is said on the page."""
    row = Dossier.objects.select_related("mediation__committee", "mediation__case", "mediation__made_by").get(pk=pk)
    if row.state != "asked":
        return
    work = Work(row)
    try:
        with translation.override("zh-hans"):
            work.run()
    except Exception as error:
        kept_files.remove(*work.written)
        words = str(error.sentence) if isinstance(error, Refusal) else gettext("It couldn't be made. Ask once more.")
        if isinstance(error, papers.TooSlow):
            words = gettext("It took too long. A scan may be too large.")
        Dossier.objects.filter(pk=pk, state="asked").update(state="failed", trouble=words[:200])
        if not isinstance(error, Refusal | papers.TooSlow):
            log.exception("dossier %s failed", pk)


class Work:
    """The making of one volume."""

    def __init__(self, row: Dossier) -> None:
        self.row = row
        self.matter = Matter(row.mediation, row.asked_at, row.filed_by)
        self.written: list[str] = []

    def run(self) -> None:
        """Gather, make, number, bind, keep."""
        parts = self._gathered()
        rows = self._rows(parts)
        at = self.row.asked_at
        binding.press(parts, at, self._done)
        pages = binding.number_through(parts)
        term = self._term()
        cover, index, back = self._covers(parts, pages, term)
        binding.press([cover, index, back], at)
        back.first = pages + 1
        whole = [cover, index, *parts, back]
        bound = binding.bound(whole, f"{self.row.file_number} {self.row.title}", at)
        self._keep(whole, rows, bound, term)

    def _done(self, count: int) -> None:
        Dossier.objects.filter(pk=self.row.pk).update(progress=count)

    def _gathered(self) -> list[Made]:
        found = contents.items(self.matter)
        lacks = [f"{n}. {lack.sentence}" for n, lack in enumerate(lacking.of(self.matter, found), 1)]
        before = Dossier.objects.filter(mediation=self.row.mediation, state="archived").order_by("-number").first()
        found += contents.last(self.matter, lacks, before.number if before else 0)
        return [one for item in found for one in binding.with_scans(item)]

    def _rows(self, parts: Sequence[Made]) -> list[DossierDocument]:
        """A row for each part, so that the page knows how many there will be: cover, index, parts, back."""
        plain = [("cover", "卷宗封面", None), ("index", "卷宗目录", None)]
        named = [*plain, *((one.item.code, one.title, one) for one in parts), ("back", "封底", None)]
        rows = [
            DossierDocument(
                dossier=self.row, order=n, code=code, title=title[:120], meeting=one.item.meeting if one else None,
                evidence=one.scan if one else None, note=one.item.note[:120] if one and not one.scan else "",
            )
            for n, (code, title, one) in enumerate(named)
        ]  # fmt: skip
        with self._still_asked():
            return DossierDocument.objects.bulk_create(rows)

    @contextmanager
    def _still_asked(self) -> Iterator[None]:
        """Write rows anew, unless another worker, given the same job, was faster: its rows and files stay."""
        with transaction.atomic():
            held = Dossier.objects.select_for_update(of=("self",)).get(pk=self.row.pk)
            if held.state != "asked":
                raise RuntimeError("another worker was faster")
            held.documents.all().delete()
            yield

    def _term(self) -> rules.Term:
        row = self.row.mediation
        confirmed = any(
            getattr(one, "confirmation", None) and one.confirmation.state == ConfirmationState.CONFIRMED
            for one in self.matter.agreements
        )
        return rules.retention(
            dispute=row.dispute, ending=row.stage, confirmed=confirmed, filed_on=self.matter.today,
            own=office.get("mediation_retention"),
        )  # fmt: skip

    def _covers(self, parts: Sequence[Made], pages: int, term: rules.Term) -> tuple[Made, Made, Made]:
        """Cover, index and back: the pages between are numbered through, and the back with them."""
        matter, on = self.matter, day(self.row.asked_at)
        first, last = self._span()
        common = matter.common | {"filed_by": self.row.filed_by, "filed_on": on}
        documents = [one for one in parts if one.scan is None]
        cover = {
            "mediators": matter.mediators, "from_on": day(first), "until_on": day(last),
            "retention": term.words + (f"，至{day(term.until)}" if term.until else ""),
            "volume": f"第{self.row.number}册", "note": self.row.note,
        }  # fmt: skip
        back = {
            "documents": f"{len(documents)}件", "pages": f"{pages + 1}页", "checked_by": "",
            "retention": term.words, "signers": [{"who": "检查人（签名）", "words": ""}],
        }  # fmt: skip
        index = {"documents": _index(parts, pages)}
        made = [Made(Item(c, common | data)) for c, data in (("cover", cover), ("index", index), ("back", back))]
        return made[0], made[1], made[2]

    def _span(self) -> tuple[datetime | None, datetime | None]:
        """From the first registration to the last meeting; without one, to the end."""
        row = self.row.mediation
        begun = row.registered_on or row.made_at
        last = self.matter.talks[-1].starts_at if self.matter.talks else row.ended_at or row.stage_at
        return begun, last  # type: ignore[return-value]

    def _keep(
        self, parts: Sequence[Made], rows: Sequence[DossierDocument], whole: papers.Paper, term: rules.Term
    ) -> None:
        """Write the files, then all rows at once."""
        for row, one in zip(rows, parts, strict=True):
            row.pdf_path, row.pdf_sha256 = self._store(one.pdf, "pdf")
            if one.word:
                row.word_path, row.word_sha256 = self._store(one.word, "docx")
            row.first_page, row.pages = one.first, one.pdf.pages
        path, digest = self._store(whole, "pdf")
        missing = "".join(dict.fromkeys(c for one in parts for c in one.pdf.missing))
        first, last = self._span()
        at = timezone.now()
        for row in rows:
            row.pk = None
        with self._still_asked():
            DossierDocument.objects.bulk_create(rows)
            Dossier.objects.filter(pk=self.row.pk).update(
                state="made", made_at=at, path=path, sha256=digest, pages=whole.pages, progress=len(rows),
                from_on=_date(first), until_on=_date(last), filed_on=self.matter.today, retention=term.code,
                keep_until=term.until, trouble=missing[:200],
            )  # fmt: skip

    def _store(self, content: bytes, ending: str) -> tuple[str, str]:
        folder = timezone.localtime(self.row.asked_at).strftime(FOLDER)
        path = default_storage.save(f"{folder}/{ids.token()}.{ending}", ContentFile(content))
        self.written.append(path)
        return path, hashlib.sha256(content).hexdigest()


def _date(value: object) -> object:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _index(parts: Sequence[Made], pages: int) -> list[Row]:
    """Lines of the index: documents with a number, scans below them without."""
    rows, no = [], 0
    for one in parts:
        no += one.scan is None
        name = f"　附：{one.title}" if one.scan else one.title
        note = "" if one.scan else one.item.note
        rows.append({"no": "" if one.scan else str(no), "name": name, "page": str(one.first), "note": note})
    return [*rows, {"no": str(no + 1), "name": "封底", "page": str(pages + 1), "note": ""}]
