"""The dossier's page: what each sees, downloads that are written down, and who gets nothing."""

import pytest

from cast import client_of
from chenyue.mediation.models import Dossier
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes
from chenyue.timeline.models import Entry
from helpers import count
from mediation.dossier_stage import meeting, no_press, piece, told, volume

pytestmark = pytest.mark.django_db
SECRET = "底线是三万八"


def url(number: str, rest: str = "") -> str:
    return f"/desk/mediation/{number}/{rest}"


def test_asking_makes_one_volume_however_often_it_is_sent(mediated, monkeypatch):
    told(mediated)
    no_press(monkeypatch)
    client, sent = client_of(mediated.cast.wang), {"note": "备注一句", "idempotency_key": "k1"}
    for _time in range(2):
        answer = client.post(url(mediated.number, "dossier/ask/"), sent)
        assert answer.status_code == 303
    row = Dossier.objects.get()
    assert (row.state, row.note, row.number) == ("made", "备注一句", 1)
    page = client.get(url(mediated.number, "dossier/")).content.decode()
    assert "人民调解协议书" in page and "证据4" in page and row.file_number in page
    assert "归档这一册" not in page  # who conducts makes it, who manages closes it
    assert "归档这一册" in client_of(mediated.cast.li).get(url(mediated.number, "dossier/")).content.decode()


def test_a_note_that_is_too_long_keeps_what_was_typed(mediated):
    answer = client_of(mediated.cast.wang).post(url(mediated.number, "dossier/ask/"), {"note": "长" * 501})
    assert answer.status_code == 422 and "长" * 501 in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_paper_has_its_chinese_name_and_stays_nowhere(mediated):
    answer = client_of(mediated.cast.wang).get(url(mediated.number, "papers/application/word/"))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store, private"
    assert "%E4%BA%BA%E6%B0%91%E8%B0%83%E8%A7%A3%E7%94%B3%E8%AF%B7%E4%B9%A6.docx" in answer["Content-Disposition"]
    entry = Entry.objects.get(verb="mediation.dossier_paper")
    assert entry.data == {"paper": "application", "what": "word"} and entry.visible_to == "office"


def test_who_only_sees_reads_no_name_and_takes_nothing(mediated):
    told(mediated)
    volume(mediated, 1)
    role = Role.objects.create(code="looks_on", name="旁观", permissions=["mediation.see"])
    sun = mediated.cast.sun
    Grant.objects.create(member=sun, role=role)
    forget_scopes(sun)
    client = client_of(sun)
    page = client.get(url(mediated.number, "dossier/")).content.decode()
    assert "人民调解申请书" in page
    for hidden in ("陈大明", "魏国强", "陈小梅", "1983年承包地册", "papers/", "/whole/"):
        assert hidden not in page
    for rest in ("dossier/1/whole/", "dossier/1/1/pdf/", "papers/application/pdf/", "papers/pack/1/"):
        assert client.get(url(mediated.number, rest)).status_code == 403


def test_the_stranger_and_a_recused_mediator_get_nothing(mediated):
    volume(mediated, 1)
    doors = ("dossier/", "dossier/1/", "dossier/1/whole/", "papers/application/pdf/")
    mediated.appointment.until = mediated.mediation.made_at
    mediated.appointment.save()
    for member in (mediated.cast.wang, mediated.cast.zhou):
        assert {client_of(member).get(url(mediated.number, rest)).status_code for rest in doors} <= {403, 404}
    for rest in doors:
        assert client_of(None).get(url(mediated.number, rest)).status_code in (302, 303)


def test_nothing_is_said_of_what_was_said_in_confidence(mediated):
    from chenyue.mediation import caucus

    client = client_of(mediated.cast.li)
    before = client.get(url(mediated.number, "dossier/")).content.decode()
    caucus.note(party=mediated.applicant, words=SECRET, by=mediated.wang, at=mediated.mediation.made_at)
    after = client.get(url(mediated.number, "dossier/")).content.decode()
    assert SECRET not in after and _still(before) == _still(after)


def _still(page: str) -> str:
    """A page without what differs each time: keys and tokens of forms, request ids."""
    lines = page.splitlines()
    return "\n".join(
        line for line in lines if "idempotency_key" not in line and "csrf" not in line and "nonce" not in line
    )


def test_the_page_costs_the_same_with_one_and_with_three(mediated):
    client = client_of(mediated.cast.wang)

    def show() -> None:
        assert client.get(url(mediated.number, "dossier/")).status_code == 200

    def add(n: int) -> None:
        meeting(mediated, n)
        piece(mediated, n, "document", title=f"材料{n}")
        volume(mediated, n)

    add(1)
    show()
    one = count(show)
    add(2)
    add(3)
    assert count(show) == one
