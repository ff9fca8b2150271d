"""A mediation from its application to what was paid, with all that a dossier is made of."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from chenyue.core import papers
from chenyue.mediation.lifecycle import (
    Acts,
    AgreementState,
    ConfirmationState,
    EvidenceKind,
    MeetingKind,
    MeetingState,
    ObligationState,
    Stage,
)
from chenyue.mediation.models import (
    Agreement,
    Attendance,
    Clause,
    Dossier,
    DossierDocument,
    Evidence,
    FollowUpVisit,
    Instalment,
    JudicialConfirmation,
    Mediation,
    Meeting,
    MinutesText,
    MinutesWord,
    Obligation,
    Receipt,
    Representative,
    Signature,
)
from mediation.stage import BEGAN, MediationStage, moment

ID_CHEN, ID_WEI = "110101197005010013", "110101197005010072"


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "#AA8855").save(out, "JPEG")
    return out.getvalue()


def sheets(pages: int = 2) -> bytes:
    """A scanned PDF."""
    with pikepdf.Pdf.new() as made:
        for _n in range(pages):
            made.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def piece(at: MediationStage, number: int, kind: str, content: bytes = b"", party: Any = None, **more: Any) -> Evidence:
    """A piece of evidence with its file, by hand."""
    pdf = content.startswith(b"%PDF")
    row = {"title": f"材料{number}", "source": "当事人", "at": BEGAN, "party": party} | more
    if content:
        name = default_storage.save(f"mediation/test/{number}.{'pdf' if pdf else 'jpg'}", ContentFile(content))
        row |= {"path": name, "content_type": "application/pdf" if pdf else "image/jpeg", "sha256": "ab" * 32}
    return Evidence.objects.create(mediation=at.mediation, number=number, kind=kind, **row)


def meeting(at: MediationStage, number: int, kind: str = MeetingKind.JOINT, **more: Any) -> Meeting:
    """A meeting that took place, with final minutes, by hand."""
    row = {
        "state": MeetingState.HELD, "minutes": "final", "starts_at": moment(number), "room": "调解室",
        "recorder": "李静", "ends_at": moment(number, 2), "result": f"第{number}次的结果", "agreed": False,
        "made_at": BEGAN,
    } | more  # fmt: skip
    made = Meeting.objects.create(mediation=at.mediation, number=number, kind=kind, **row)
    for party in (at.applicant, at.respondent):
        Attendance.objects.create(meeting=made, party=party, came=True, signed_at=moment(number, 3))
    Attendance.objects.create(meeting=made, appointment=at.appointment, came=True)
    Attendance.objects.create(meeting=made, name="旁听的人", came=False, words="生病")
    text = MinutesText.objects.create(
        meeting=made, number=1, words=f"第{number}次谈了什么。\n第二行", sha256="", at=BEGAN
    )
    MinutesWord.objects.create(text=text, party=at.respondent, agrees=number != 2, words="只有调解员看的话", at=BEGAN)
    return made


def agreement(at: MediationStage, **more: Any) -> Agreement:
    """A written agreement in effect with two parts to pay, one of them paid."""
    row = {
        "state": AgreementState.IN_EFFECT, "facts": "土地补偿费等156,654元。", "dispute": "离婚妇女是否分配。",
        "duties": "户主代领后应当分付。", "total": Decimal("39163.50"), "total_words": "叁万玖仟壹佰陆拾叁元伍角整",
        "breach": "可以向人民法院起诉。", "seal_on": date(2026, 11, 27), "effect_on": date(2026, 11, 27),
        "made_at": BEGAN, "copies": 3,
    } | more  # fmt: skip
    number = more.pop("number", 1)
    made = Agreement.objects.create(mediation=at.mediation, **({"number": number} | row))
    Clause.objects.create(agreement=made, order=1, words="双方按四人平均分配。")
    owed = Obligation.objects.create(
        agreement=made, order=1, debtor=at.respondent, creditor=at.applicant, what="支付补偿款",
        amount=Decimal("39163.50"), amount_words="叁万玖仟壹佰陆拾叁元伍角整", due_on=date(2026, 12, 31),
        manner="农商行6222000011112222",
    )  # fmt: skip
    for n, (amount, state) in enumerate([("20000", ObligationState.DONE), ("19163.50", ObligationState.WAITING)], 1):
        part = Instalment.objects.create(
            obligation=owed, number=n, due_on=date(2026, 11, 30) + timedelta(days=31 * (n - 1)), amount=Decimal(amount),
            state=state,
        )  # fmt: skip
        if state == ObligationState.DONE:
            proof = piece(at, 50 + number, EvidenceKind.RECEIPT, photo(), at.respondent, title="转账回单")
            Receipt.objects.create(
                instalment=part, amount=Decimal(amount), on=date(2026, 11, 30), words="银行转账", evidence=proof,
                at=BEGAN, confirmed_at=moment(7),
            )  # fmt: skip
    for party in (at.applicant, at.respondent):
        mark = {"signer": "party", "mark": "signature", "on": date(2026, 11, 27), "at": BEGAN}
        Signature.objects.create(agreement=made, party=party, name=party.name, **mark)
    Signature.objects.create(
        agreement=made, signer="mediator", appointment=at.appointment, mark="signature", on=date(2026, 11, 27), at=BEGAN
    )
    return made


def told(at: MediationStage, *, ended: bool = True) -> Mediation:
    """Everything: thirteen documents and the scans."""
    for party, number in ((at.applicant, ID_CHEN), (at.respondent, ID_WEI)):
        party.id_number, party.address, party.ethnicity, party.occupation = number, "前沙村二组18号", "汉族", "务农"
        party.save()
        piece(at, party.order, EvidenceKind.IDENTITY, photo(), party, title="居民身份证")
    proof = piece(at, 3, EvidenceKind.AUTHORITY, sheets(1), at.applicant, title="委托书原件")
    agent = Representative.objects.create(
        mediation=at.mediation, acts=Acts.AGENT, name="陈小梅", name_index="", relation="女儿", scope="代为参加调解",
        may_settle=True, since=BEGAN.date(), proof=proof, id_number="110101199001010026", phone="13900003333",
    )  # fmt: skip
    agent.parties.set([at.applicant])
    piece(at, 4, EvidenceKind.ARCHIVE, sheets(3), at.respondent, title="1983年承包地册", original="村档案室", pages=3)
    piece(at, 5, EvidenceKind.PHOTO, photo(), title="现场照片", shared=True)
    piece(at, 6, EvidenceKind.DOCUMENT, title="只有纸质的补偿清册")
    meeting(at, 1, MeetingKind.SURVEY, asked="村民沙老根")
    meeting(at, 2)
    meeting(at, 3, MeetingKind.SIGNING, agreed=True)
    scan = piece(at, 7, EvidenceKind.OTHER, sheets(2), title="协议书签字件")
    made = agreement(at, scan=scan)
    ruling = piece(at, 8, EvidenceKind.RULING, sheets(1), title="民事裁定书")
    JudicialConfirmation.objects.create(
        agreement=made, state=ConfirmationState.CONFIRMED, thirtieth_day=date(2026, 12, 27),
        last_day=date(2026, 12, 28), court="晨光区人民法院", applied_on=date(2026, 12, 1),
        number="（2026）晨0101民特12号", ruled_on=date(2026, 12, 9), ruling=ruling,
    )  # fmt: skip
    FollowUpVisit.objects.create(
        mediation=at.mediation, agreement=made, party=at.applicant, kind="first_due", due_on=date(2026, 12, 1),
        made_at=moment(8), made_by=at.cast.wang, performed=True, grade="satisfied", words="款已收到。",
        signs=["relapse"],
    )  # fmt: skip
    if ended:
        Mediation.objects.filter(pk=at.mediation.pk).update(stage=Stage.PERFORMED, ended_at=moment(40))
    at.mediation.refresh_from_db()
    return at.mediation


def read(path: str) -> bytes:
    with default_storage.open(path, "rb") as file:
        return bytes(file.read())


def made(at: MediationStage, when: Any = None) -> Dossier:
    """A dossier, made (jobs run at once under test)."""
    from chenyue.mediation.dossier import making

    row = making.ask(mediation=at.mediation, by=at.wang, at=when or moment(41))
    row.refresh_from_db()
    return row


def no_press(monkeypatch: Any) -> None:
    """Papers of one empty page at once, for tests that don't read them."""
    page = papers.Paper(sheets(1))
    page.pages = 1
    monkeypatch.setattr(papers, "many", lambda orders, at: [page for _order in orders])
    monkeypatch.setattr(papers, "pdf", lambda template, data, at: page)
    monkeypatch.setattr(papers, "harmless", lambda content, most: page)
    monkeypatch.setattr(papers, "joined", lambda parts, marks, **more: page)


def volume(at: MediationStage, number: int, state: str = "made") -> Dossier:
    """A volume with one document, by hand."""
    path = default_storage.save("dossiers/2026/11/volume.pdf", ContentFile(sheets(1)))
    word = default_storage.save("dossiers/2026/11/volume.docx", ContentFile(b"PK"))
    row = Dossier.objects.create(
        mediation=at.mediation, number=number, state=state, file_number="人调字第9001号", title="纠纷", path=path,
        pages=1, sha256="ab" * 32, filed_on=BEGAN.date(), asked_at=BEGAN, asked_by=at.cast.wang,
    )  # fmt: skip
    DossierDocument.objects.create(
        dossier=row,
        order=1,
        code="application",
        title="人民调解申请书",
        pdf_path=path,
        word_path=word,
        pages=1,
        first_page=1,
    )
    return row
