"""Evidence: files, numbers and hashes; whose it is, who sees it, and what happens to originals."""

import io
from datetime import datetime
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import evidence
from chenyue.timeline.queries import entries
from mediation.stage import MediationStage, moment

pytestmark = pytest.mark.django_db


def upload(name: str = "1983年地块册.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def pdf(pages: int = 3, password: str = "") -> SimpleUploadedFile:
    made, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return SimpleUploadedFile("档案.pdf", out.getvalue(), "application/pdf")


def add(found: MediationStage, when: datetime | None = None, **more: Any) -> Any:
    given = {"kind": "archive", "title": "地块册", "by": found.wang, "at": when or moment(1)}
    return evidence.add(mediation=found.mediation, **given | more)


def test_files_are_numbered_hashed_and_counted(mediated: MediationStage) -> None:
    rows = add(mediated, uploads=[upload(), pdf(3)], party=mediated.applicant)
    assert [(row.number, row.pages, len(row.sha256)) for row in rows] == [(1, 1, 64), (2, 3, 64)]
    assert add(mediated, pages=12, original="社区档案柜")[0].number == 3


def test_a_locked_pdf_is_refused_with_a_sentence(mediated: MediationStage) -> None:
    with pytest.raises(Refusal) as refusal:
        add(mediated, uploads=[pdf(1, "geheim")])
    assert refusal.value.code == "locked"
    with pytest.raises(Refusal):
        add(mediated, uploads=[SimpleUploadedFile("x.pdf", b"%PDF-1.7 nothing", "application/pdf")])
    assert evidence.list_for(mediated.cast.wang, mediated.mediation).count() == 0


def test_one_sides_evidence_is_that_sides(mediated: MediationStage) -> None:
    own, joint = add(mediated, party=mediated.applicant)[0], add(mediated, shared=True)[0]
    assert list(evidence.shared_with(mediated.applicant)) == [own, joint]
    assert list(evidence.shared_with(mediated.respondent)) == [joint]
    assert [row.number for row in evidence.list_for(mediated.cast.li, mediated.mediation)] == [1, 2]
    mediated.invite("drainage")
    assert [row.number for row in evidence.list_for(mediated.cast.lin, mediated.mediation)] == [2]
    assert "evidence_added" not in [
        line.verb.removeprefix("mediation.") for line in entries(f"party:{mediated.respondent.pk}", {"resident"})
    ]


def test_identity_papers_never_go_to_the_other_side(mediated: MediationStage) -> None:
    with pytest.raises(Refusal):
        add(mediated, kind="identity", shared=True)
    card = add(mediated, kind="identity", party=mediated.applicant)[0]
    with pytest.raises(Refusal):
        evidence.share(evidence=card, shared=True, by=mediated.wang, at=moment(1))


def test_originals_go_back_or_are_lost_with_a_statement(mediated: MediationStage) -> None:
    kept, gone = add(mediated, original="档案柜")[0], add(mediated, original="档案柜")[0]
    assert evidence.returned(evidence=kept, by=mediated.wang, at=moment(2)).original_returned_at == moment(2)
    with pytest.raises(Conflict):
        evidence.lost(evidence=kept, why="找不到", by=mediated.wang, at=moment(3))
    with pytest.raises(Refusal):
        evidence.lost(evidence=gone, why="", by=mediated.wang, at=moment(3))
    lost = evidence.lost(evidence=gone, why="搬家时遗失，周某已找过两遍。", by=mediated.wang, at=moment(3))
    assert lost.original_lost_why and lost.original_lost_at == moment(3)
    with pytest.raises(Conflict):
        evidence.returned(evidence=gone, by=mediated.wang, at=moment(4))


def test_what_was_taken_out_keeps_its_number(mediated: MediationStage) -> None:
    first = add(mediated)[0]
    evidence.remove(evidence=first, why="不是本案材料", by=mediated.wang, at=moment(1))
    assert add(mediated)[0].number == 2
    assert evidence.list_for(mediated.cast.wang, mediated.mediation).count() == 1


def test_others_hand_in_nothing(mediated: MediationStage) -> None:
    for by in (mediated.cast.sun.actor(), mediated.cast.zhou.actor(), Actor("resident", "party:0")):
        with pytest.raises(NotAllowed):
            add(mediated, by=by)
    own = Actor("resident", f"party:{mediated.applicant.pk}")
    assert add(mediated, by=own, party=mediated.applicant)[0].party == mediated.applicant
    with pytest.raises(NotAllowed):
        add(mediated, by=own, party=mediated.respondent)
