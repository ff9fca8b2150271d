"""Set-up: tables with a dry run that writes nothing, promises, texts with their preview, the test letter, the audit."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import stories
from chenyue.cases.models import AnswerTemplate
from chenyue.catalogue.models import Category
from chenyue.core.ids import token
from chenyue.places.models import Place

PLACES = """kind,community,community_kind,estate,building,entrances,homes
building,晨光社区,社区,新苑,9幢,1单元,12
building,,社区,,,,x
"""


def upload(client, name, content):
    file = SimpleUploadedFile("places.csv", content.encode("gb18030"))
    return client.post(reverse(f"desk:{name}"), {"idempotency_key": token(), "table": file})


def token_in(page):
    return page.split('name="token" value="')[1].split('"')[0]


def test_a_dry_run_writes_nothing_and_the_same_table_is_then_written(cast, client_of):
    client, before = client_of(cast.admin), Place.objects.count()
    page = upload(client, "set-up-places-import", PLACES)
    text = page.content.decode()
    assert page.status_code == 200 and Place.objects.count() == before
    kept = token_in(text)
    sheet = client.get(reverse("desk:set-up-errors", args=["places"]), {"token": kept})
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).active.max_row >= 2
    done = client.post(reverse("desk:set-up-places-import"), {"idempotency_key": token(), "token": kept})
    assert done.status_code == 303 and Place.objects.filter(name="9幢", estate__name="新苑").exists()


@pytest.mark.parametrize("name", ["../../secrets.csv", "nothing.csv"])
def test_a_token_that_is_none_is_refused(cast, client_of, name):
    done = client_of(cast.admin).post(reverse("desk:set-up-places-import"), {"idempotency_key": token(), "token": name})
    assert done.status_code == 422


def test_a_promise_is_changed_and_nonsense_is_said_at_the_field(cast, client_of):
    client, row = client_of(cast.admin), Category.objects.get(code="0102")
    data = {
        "idempotency_key": token(), "name": row.name, "lead_code": row.lead.code, "handling": "direct",
        "urgency": row.urgency, "accept_by": "2h", "contact_by": "4h", "resolve_by": "soon", "active": "on",
    }  # fmt: skip
    url = reverse("desk:set-up-category", args=["0102"])
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"resolve_by": "3wd", "idempotency_key": token()}).status_code == 303
    assert Category.objects.get(code="0102").resolve_by == "3wd"


def test_a_text_is_previewed_by_the_renderer_that_sends_it(cast, client_of):
    client = client_of(cast.admin)
    url = reverse("desk:set-up-text", args=["email", "case-answered"])
    assert client.get(url).status_code == 200
    data = {"idempotency_key": token(), "subject": "关于 {number}", "body": "{nobody_knows}", "act": "preview"}
    assert client.post(url, data).status_code == 422


def test_the_test_letter_is_handed_over(cast, client_of, mailoutbox):
    data = {"idempotency_key": token(), "address": "office@example.org"}
    assert client_of(cast.admin).post(reverse("desk:set-up-channel-test", args=["email"]), data).status_code == 303
    assert mailoutbox[0].to == ["office@example.org"]


def test_a_standard_answer_is_offered_on_the_case(cast, client_of):
    data = {"idempotency_key": token(), "name": "已疏通", "body": "{place}的管道已于{{时间}}疏通。", "active": "on"}
    assert client_of(cast.admin).post(reverse("desk:answer-template-new"), data).status_code == 303
    case = stories.dispatched(cast, stories.filed(cast))
    url = reverse("desk:answer", args=[case.number])
    assert "已疏通" in client_of(cast.lin).get(url).content.decode()
    chosen = client_of(cast.lin).get(url, {"template": AnswerTemplate.objects.get().pk}).content.decode()
    assert "金桂苑1幢的管道已于{{时间}}疏通" in chosen


def test_the_audit_is_for_the_auditor_and_its_export_is_an_entry(cast, client_of):
    told = stories.filed(cast)
    client = client_of(cast.audit)
    assert told.case.number in client.get(reverse("desk:audit")).content.decode()
    book = client.get(reverse("desk:audit-export"))
    assert openpyxl.load_workbook(io.BytesIO(book.content)).active.max_row > 1
    lines = b"".join(client.get(reverse("desk:audit-export"), {"format": "jsonl"}).streaming_content)
    assert b'"hash"' in lines
    assert "desk.audit_exported" in client.get(reverse("desk:audit")).content.decode()
    assert client_of(cast.li).get(reverse("desk:audit")).status_code == 403
