"""The dossier of a whole matter: documents, order, pages, index, hashes; what is missing; closing; what goes wrong."""

import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal

import docx
import pikepdf
import pytest

import pdf_text
from chenyue.core import papers
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.mediation import acts, caucus
from chenyue.mediation.dossier import archiving, contents, making, rules, singles
from chenyue.mediation.dossier.gathering.matter import Matter, file_number
from chenyue.mediation.lifecycle import EvidenceKind, Stage
from chenyue.mediation.models import Dossier, Evidence, Mediation, Meeting
from chenyue.people.models import Look
from chenyue.timeline.models import Entry
from mediation.dossier_stage import agreement, made, meeting, no_press, piece, read, told
from mediation.stage import moment

pytestmark = pytest.mark.django_db
PLACES = [  # one line for each of the thirteen places
    *("application", "acceptance"), "rights", "identity", "authority", "inquiry", "evidence", *("minutes", "minutes"),
    "agreement", "performance", "visits", *("confirmation", "confirming"), *("closing", "situation"),
]  # fmt: skip


def grave(mediation: Mediation) -> list[str]:
    return [str(lack.sentence) for lack in archiving.lacks(mediation, moment(41)) if lack.grave]


def test_a_whole_matter_becomes_one_numbered_file(mediated):
    """One file is made, and read in every way: making one takes a second."""
    told(mediated)
    broken = piece(mediated, 9, EvidenceKind.DOCUMENT, b"%PDF-1.4 broken")
    gone = piece(mediated, 10, EvidenceKind.PHOTO, b"\xff\xd8\xff gone")
    Evidence.objects.filter(pk=gone.pk).update(path="mediation/nowhere.jpg")
    row = made(mediated)
    pages_are_numbered(row)
    the_index_says_where_everything_is(row)
    documents_say_what_the_rows_say(row)
    every_scan_stands_in_it_once(row)
    shown = {p.evidence.number: pdf_text.words(read(p.pdf_path)) for p in row.documents.all() if p.evidence}
    assert "文件无法读取" in shown[broken.number] and "文件无法读取" in shown[gone.number]
    assert (row.from_on, row.until_on) == (date(2026, 11, 24), date(2026, 11, 27))
    assert (row.retention, row.keep_until, row.filed_by) == ("permanent", None, mediated.cast.wang.name)
    cover = pdf_text.pages(read(row.path))[0]
    assert "自2026年11月24日至2026年11月27日" in cover and "永久" in cover and mediated.cast.wang.name in cover
    last = archiving.archive(dossier=row, by=mediated.li, at=moment(42))
    assert last.state == "archived"


def pages_are_numbered(row):
    assert (row.state, row.trouble, row.file_number) == ("made", "", file_number(row.mediation))
    parts = list(row.documents.all())
    papers = [part for part in parts if part.evidence_id is None]
    assert [part.code for part in papers] == ["cover", "index", *PLACES, "back"]
    assert [rules.places()[code] for code in PLACES] == sorted(rules.places()[code] for code in PLACES)
    whole = read(row.path)
    assert hashlib.sha256(whole).hexdigest() == row.sha256
    assert all(hashlib.sha256(read(part.pdf_path)).hexdigest() == part.pdf_sha256 for part in parts)
    assert all(hashlib.sha256(read(part.word_path)).hexdigest() == part.word_sha256 for part in papers)
    pages = pdf_text.pages(whole)
    assert len(pages) == row.pages == sum(part.pages for part in parts)
    before = sum(part.pages for part in parts[:2])
    for part in parts[2:]:  # each page bears its number, and each part begins where its row says
        for n in range(part.pages):
            assert pages[before + part.first_page + n - 1].endswith(
                str(part.first_page + n) + (f"证据{part.evidence.number}" if part.evidence else "")
            )
    with pikepdf.Pdf.open(io.BytesIO(whole)) as found, found.open_outline() as outline:
        assert [page.label for page in found.pages][before:] == [str(n + 1) for n in range(row.pages - before)]
        assert [one.title for one in outline.root][2:-1] == [part.title for part in parts[2:-1]]


def the_index_says_where_everything_is(row):
    [index] = [part for part in row.documents.all() if part.code == "index"]
    cells = [
        [cell.text for cell in line.cells] for line in docx.Document(io.BytesIO(read(index.word_path))).tables[0].rows
    ]
    assert cells[0] == ["序号", "文书名称", "页号", "备注"]
    listed = {(line[1].replace("附：", "").strip("　"), line[2]) for line in cells[1:]}
    parts = [part for part in row.documents.all() if part.code not in ("cover", "index")]
    assert listed == {(part.title, str(part.first_page)) for part in parts}
    numbers = [line[0] for line in cells[1:] if line[0]]
    assert numbers == [str(n) for n in range(1, len(PLACES) + 2)]
    words = pdf_text.words(read(index.pdf_path))
    assert all("".join(title.split()) in words and page in words for title, page in listed)


def documents_say_what_the_rows_say(row):
    words = {p.title: pdf_text.words(read(p.pdf_path)) for p in row.documents.all() if not p.evidence_id}
    assert "叁万玖仟壹佰陆拾叁元伍角整" in words["人民调解协议书"] and "20,000.00元" in words["人民调解协议书"]
    assert "陈大明　2026年11月27日签名".replace("　", "") in words["人民调解协议书"]
    assert "魏国强2026年11月24日认为记录有误" in words["人民调解记录（第1次）"]
    assert "村民沙老根" in words["现场查看记录（1）"] and "旁听的人（生病）" in words["人民调解记录（第1次）"]
    assert "只有调解员看的话" not in "".join(words.values())
    assert "110101197005010013" in words["当事人身份证明"] and "110101197005010013" not in words["人民调解协议书"]
    assert "56岁" in words["人民调解申请书"] and "陈小梅（女儿），特别授权" in words["人民调解申请书"]
    assert "（2026）晨0101民特12号" in words["司法确认材料"]
    assert "没有扫描件、以纸质附卷的：证据6只有纸质的补偿清册" in words["卷宗情况说明"]


def every_scan_stands_in_it_once(row):
    behind, code = {}, ""
    for part in row.documents.all():
        code = code if part.evidence_id else part.code
        if part.evidence:
            behind.setdefault(code, []).append((part.evidence.number, part.pages))
    assert behind == {
        "identity": [(1, 1), (2, 1)],
        "authority": [(3, 1)],
        "evidence": [(4, 3), (5, 1), (9, 1), (10, 1)],
        "agreement": [(7, 2)],
        "performance": [(51, 1)],
        "confirming": [(8, 1)],
    }


def test_what_is_missing_is_said(mediated):
    assert len(grave(mediated.mediation)) >= 4
    told(mediated)
    assert grave(mediated.mediation) == []
    Meeting.objects.filter(number=2).update(minutes="draft")
    Evidence.objects.filter(number=1).update(removed_at=moment(2))
    found = archiving.lacks(mediated.mediation, moment(41))
    assert {lack.where for lack in found if lack.grave} == {"meetings", "evidence"}


@pytest.mark.parametrize(
    ("stage", "asks"),
    [
        (Stage.PERFORMED, {"rights", "identity", "minutes", "agreement", "application", "back"}),
        (Stage.REFUSED, {"rights", "application", "back"}),
        (Stage.NOT_ACCEPTED, {"application", "not_accepted", "back"}),
    ],
)
def test_what_is_mandatory_depends_on_the_end(stage, asks):
    assert {must.any[0] for must in rules.mandatory(stage)} == asks
    assert all(must.source for must in rules.mandatory(stage))


def test_a_notice_of_termination_stands_in_place_of_the_agreement(mediated):
    told(mediated)
    mediated.mediation.agreements.all().delete()
    assert "agreement" in {lack.where for lack in archiving.lacks(mediated.mediation, moment(41)) if lack.grave}
    mediated.at_stage(Stage.TERMINATED)
    assert grave(mediated.mediation) == []
    codes = [item.code for item in contents.items(Matter(mediated.mediation, moment(41)))]
    assert "termination" in codes and "agreement" not in codes


def test_closing_needs_a_complete_file_as_it_was_made(mediated, monkeypatch):
    no_press(monkeypatch)
    told(mediated)
    row = made(mediated)
    with pytest.raises(NotAllowed):
        archiving.archive(dossier=row, by=mediated.wang, at=moment(42))
    acts.record(mediated.mediation, "all_agreed", by=mediated.wang, at=moment(41.5), data={"question": "open"})
    with pytest.raises(Refusal) as caught:
        archiving.archive(dossier=row, by=mediated.li, at=moment(42))
    assert caught.value.code == "changed"
    newer = made(mediated, moment(43))
    with pytest.raises(Conflict):
        archiving.archive(dossier=row, by=mediated.li, at=moment(44))
    closed = archiving.archive(dossier=newer, by=mediated.li, at=moment(44))
    assert closed.state == "archived" and closed.archived_at == moment(44)
    assert archiving.archive(dossier=newer, by=mediated.li, at=moment(45)).archived_at == moment(44)
    entry = Entry.objects.get(verb="mediation.dossier_archived")
    assert entry.data["sha256"] == closed.sha256
    third = made(mediated, moment(46))
    assert third.number == 3
    [item, *_others] = [
        i for i in contents.last(Matter(mediated.mediation, moment(46)), [], 2) if i.code == "situation"
    ]
    assert item.data["note"].startswith("本卷在第2册之后重新立卷")


def test_a_file_that_was_changed_on_disk_is_not_closed(mediated, monkeypatch, settings):
    no_press(monkeypatch)
    told(mediated)
    row = made(mediated)
    (settings.MEDIA_ROOT / row.path).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(Refusal) as caught:
        archiving.archive(dossier=row, by=mediated.li, at=moment(42))
    assert caught.value.code == "damaged"


def test_nothing_mandatory_may_lack(mediated, monkeypatch):
    no_press(monkeypatch)
    told(mediated)
    Meeting.objects.filter(number=2).update(minutes="draft")
    row = made(mediated)
    with pytest.raises(Refusal) as caught:
        archiving.archive(dossier=row, by=mediated.li, at=moment(42))
    assert caught.value.code == "lacking"
    mediated.at_stage(Stage.PERFORMING)
    with pytest.raises(Refusal) as caught:
        archiving.archive(dossier=row, by=mediated.li, at=moment(42))
    assert caught.value.code == "open"


def test_who_takes_a_paper_is_written_down(mediated, monkeypatch):
    no_press(monkeypatch)
    told(mediated)
    row = made(mediated)
    looks = Look.objects.count()
    found = archiving.taken(dossier=row, what="whole", by=mediated.wang, at=moment(42))
    assert found.name == f"{row.file_number} 卷宗第1册.pdf" and found.file.read() == read(row.path)
    entry = Entry.objects.filter(verb="mediation.dossier_opened").get()
    assert entry.actor_key == str(mediated.cast.wang.pk) and Look.objects.count() == looks + 2
    with pytest.raises(NotFound):
        archiving.taken(dossier=row, what="word", order=99, by=mediated.wang, at=moment(42))
    with pytest.raises(NotAllowed):
        archiving.taken(dossier=row, what="whole", by=mediated.cast.sun.actor(), at=moment(42))


def test_one_is_made_at_a_time_and_a_failure_is_said(mediated, monkeypatch):
    told(mediated)

    def breaks(*_args, **_more):
        raise Refusal("这个模板不行", code="syntax")

    no_press(monkeypatch)
    working = papers.many
    monkeypatch.setattr(papers, "many", breaks)
    row = made(mediated)
    assert (row.state, row.trouble) == ("failed", "这个模板不行")
    Dossier.objects.filter(pk=row.pk).update(state="asked")
    assert making.ask(mediation=mediated.mediation, by=mediated.wang, at=moment(41, 0.1)).pk == row.pk
    monkeypatch.setattr(papers, "many", working)
    making.make(row.pk)
    making.make(row.pk)
    row.refresh_from_db()
    assert row.state == "made" and row.progress == row.documents.count()


def test_of_two_workers_with_the_same_job_the_faster_one_counts(mediated, monkeypatch):
    told(mediated)
    no_press(monkeypatch)
    row = made(mediated)
    kept = [(part.pk, part.pdf_path) for part in row.documents.all()]
    slower = making.Work(Dossier.objects.get(pk=row.pk))
    with pytest.raises(RuntimeError, match="faster"):
        slower.run()
    assert [(part.pk, part.pdf_path) for part in row.documents.all()] == kept and all(path for _pk, path in kept)


def test_a_job_whose_worker_is_gone_is_given_again(mediated, monkeypatch):
    told(mediated)
    no_press(monkeypatch)
    row = made(mediated)
    Dossier.objects.filter(pk=row.pk).update(state="asked")
    assert making.ask(mediation=mediated.mediation, by=mediated.wang, at=moment(41, 1)).pk == row.pk
    row.refresh_from_db()
    assert row.state == "made" and row.documents.count() == row.progress


def test_replaced_volumes_lose_their_files_after_a_month(mediated, monkeypatch):
    no_press(monkeypatch)
    told(mediated)
    first, second = made(mediated), made(mediated, moment(43))
    assert archiving.sweep(first.made_at + timedelta(days=29)) == 0
    assert archiving.sweep(first.made_at + timedelta(days=31)) == 1
    first.refresh_from_db()
    assert first.path == "" and first.sha256 and read(Dossier.objects.get(pk=second.pk).path)


def test_single_papers_and_the_pack_for_the_court(mediated):
    told(mediated, ended=False)
    mediated.mediation.agreements.first().confirmation.delete()
    second = agreement(mediated, number=2, state="signing", effect_on=None)
    keys = [item.key for item in singles.found(mediated.mediation, moment(41))]
    assert {"application", "minutes-2", "inquiry-1", "agreement-1", "agreement-2", "situation"} <= set(keys)
    assert len(keys) == len(set(keys)) and "confirmation-1" not in keys and second.number == 2
    with pytest.raises(NotFound):
        singles.one(mediated.mediation, "minutes-9", moment(41))
    with pytest.raises(NotFound):
        singles.pack(mediated.mediation, 1, moment(41))


def test_the_pack_holds_all_that_the_court_asks_for(mediated):
    told(mediated)
    found = singles.pack(mediated.mediation, 1, moment(41))
    words = pdf_text.words(found)
    assert words.index("司法确认申请书") < words.index("人民调解协议书") < words.index("当事人身份证明")
    assert "自愿达成调解协议，没有恶意串通" in words and found.pages >= 9


def test_notices_go_to_each_who_is_asked(mediated):
    meeting(mediated, 4, state="planned", minutes="none", agenda="商谈分配办法")
    items = [i for i in singles.found(mediated.mediation, moment(1), "李静") if i.code == "notice"]
    assert len(items) == 3 and {item.data["to"] for item in items} >= {"陈大明", "魏国强"}
    assert "13" not in "".join(str(item.data["to"]) for item in items)
    assert singles.paper(items[0], "word", moment(1)).startswith(b"PK")


@pytest.mark.parametrize(
    ("ending", "dispute", "confirmed", "own", "keep"),
    [
        ("performed", "neighbours", False, {}, ("long", date(2086, 11, 24))),
        ("performed", "neighbours", True, {}, ("permanent", None)),
        ("performed", "expropriation", False, {}, ("permanent", None)),
        ("not_accepted", "expropriation", False, {}, ("short", date(2056, 11, 24))),
        ("performed", "neighbours", False, {"neighbours": "short"}, ("short", date(2056, 11, 24))),
        ("refused", "other", False, {"default": "long"}, ("long", date(2086, 11, 24))),
        ("refused", "other", False, {"default": "nonsense"}, ("short", date(2056, 11, 24))),
    ],
)
def test_how_long_it_is_kept(ending, dispute, confirmed, own, keep):
    given = {"filed_on": date(2026, 11, 24), "own": own, "confirmed": confirmed}
    term = rules.retention(dispute=dispute, ending=ending, **given)
    assert (term.code, term.until) == keep


def test_what_was_said_in_confidence_changes_no_byte_of_any_paper(mediated, monkeypatch):
    """The same matter with and without caucus notes and figures: every paper, the index, the whole, word for word."""
    told(mediated, ended=False)
    asked: list[list[papers.Order]] = []

    def pressed() -> list[papers.Order]:
        no_press(monkeypatch)
        quick, seen = papers.many, []
        monkeypatch.setattr(papers, "many", lambda orders, at: seen.extend(orders) or quick(orders, at))
        making.ask(mediation=mediated.mediation, by=mediated.wang, at=moment(41))
        Dossier.objects.all().delete()
        return seen

    asked.append(pressed())
    singly = [(item.key, item.data) for item in singles.found(mediated.mediation, moment(41))]
    missing = [str(lack.sentence) for lack in archiving.lacks(mediated.mediation, moment(41))]
    for party in (mediated.applicant, mediated.respondent):
        caucus.note(party=party, words="底线是三万八，绝不能让对方知道。", by=mediated.wang, at=moment(5))
        figure = {"topic": "补偿款", "amount": Decimal(38000), "limit": True, "by": mediated.wang, "at": moment(5)}
        caucus.name_figure(party=party, asks=party == mediated.applicant, **figure)
    asked.append(pressed())
    assert asked[0] == asked[1]
    assert singly == [(item.key, item.data) for item in singles.found(mediated.mediation, moment(41))]
    assert missing == [str(lack.sentence) for lack in archiving.lacks(mediated.mediation, moment(41))]
