"""What other machines send: Open311, WeCom, calendars."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import icalendar
from defusedxml.ElementTree import fromstring
from django.test import Client
from hypothesis import strategies as st

from cast import NOW, Cast
from chenyue.catalogue.models import Category
from chenyue.gateway.mail_in import parsing
from chenyue.gateway.open311 import editing, formats, keys
from chenyue.gateway.wecom import crypto, heard
from chenyue.reception import ics
from fuzz.changing import changed_bytes, changed_text
from fuzz.targets import target

values = changed_text(
    ["金桂苑1幢", "31.5", "121.2", "2026-11-22T07:00:00Z", "open,closed", "1", "http://example.org/a.jpg"]
)
names = st.sampled_from([
    "service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "q", "lat", "long",
    "updated_after", "updated_before", "extensions", "jurisdiction_id", "api_key", "description", "address_string",
    "email", "phone", "first_name", "media_url", "attribute[floor]", "attribute[]", "attribute[a][b]", "account_id",
])  # fmt: skip
doors = st.sampled_from(["discovery", "services", "requests", "services/x", "requests/x", "tokens/x", "nothing"])
forms = st.sampled_from(["json", "xml"])


def _read(response: Any, form: str) -> None:
    assert response.status_code < 500, (response.status_code, response.content[:300])
    if response.status_code != 404 and response["Content-Type"].startswith(("text/xml", "application/xml")):
        fromstring(response.content)
    if response["Content-Type"].startswith("application/json"):
        json.loads(response.content)


@target(st.tuples(doors, forms, st.dictionaries(names, values, max_size=5)), examples=10)
def open311_get(value: tuple[str, str, dict[str, str]]) -> None:
    door, form, query = value
    _read(Client().get(f"/open311/v2/{door}.{form}", query), form)


def _service(cast: Cast) -> str:
    category = Category.objects.filter(parent__isnull=False, name__contains="污水", private=False).order_by("code")[0]
    given = {
        "kind": "realtime",
        "public": True,
        "active": True,
        "notice": "",
        "keywords": "",
        "typed": "楼层 *\n- 1\n- 2",
    }
    editing.open_service(category=category, by=cast.admin.actor(), at=NOW, **given)
    return str(category.code)


@target(st.tuples(forms, st.dictionaries(names, values, max_size=6)), examples=8)
def open311_post(value: tuple[str, dict[str, str]]) -> None:
    form, more = value
    cast = Cast()
    told: dict[str, Any] = {"name": "x", "owner": "y", "services": [], "test": False, "hourly": 0, "expires_at": None}
    fields = {"api_key": keys.give(**told, by=cast.admin.actor(), at=NOW)[1], "service_code": _service(cast)}
    fields |= {"description": "污水漫出来了", "address_string": "金桂苑1幢", "attribute[floor]": "1"}
    _read(Client().post(f"/open311/v2/requests.{form}", fields | more), form)


cells = st.one_of(values, st.none(), st.booleans(), st.floats())
rows = st.lists(st.dictionaries(st.sampled_from(["address", "description", "lat"]), cells, max_size=3), max_size=3)


@target(st.tuples(forms, rows))
def open311_written(value: tuple[str, Any]) -> None:
    form, content = value
    body = formats.write("service_requests", content, form)
    json.loads(body) if form == "json" else fromstring(body)


KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
MESSAGE = (
    "<xml><ToUserName><![CDATA[wx]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>"
    "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[灯坏了]]></Content>"
    "<MsgId>1234567890123456</MsgId><AgentID>1</AgentID><Location_X>31.2</Location_X></xml>"
)
TAGS = [
    "<MsgType>event</MsgType>",
    "<Event>template_card_event</Event>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "&a;",
    "<a>" * 500,
]


@target(changed_text([MESSAGE], TAGS), heard.Unreadable, examples=40)
def wecom_message(value: str) -> None:
    found = heard.of_app(heard.fields(value.encode()), NOW)
    assert heard.unpacked(heard.packed(found)) == found


ENCRYPTED = [crypto.encrypt(KEY, MESSAGE.encode(), "wx", bytes(16)).encode(), b"", b"====", b"A" * 44]


@target(changed_bytes(ENCRYPTED), crypto.Forged)
def wecom_sealed(value: bytes) -> None:
    assert crypto.decrypt(KEY, value.decode("latin-1"), "wx") == MESSAGE.encode()


@target(st.tuples(changed_bytes([bytes(64), b""]), changed_text([KEY, ""])), crypto.Forged)
def wecom_file(value: tuple[bytes, str]) -> None:
    crypto.opened_file(*value)


FIELDS = [
    "msgtype", "text", "content", "from", "userid", "mixed", "msg_item", "image", "url", "aeskey", "event", "quote",
    "external_userid", "send_time", "msgid", "origin", "location", "latitude", "merged_msg", "item", "voice",
    "media_id", "body", "name", "title", "chattype", "aibotid", "longitude", "address", "menu_id", "scene",
    "welcome_code", "open_kfid",
]  # fmt: skip
leaves = st.one_of(values, st.integers(), st.none(), st.booleans(), st.floats(allow_nan=False))


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)


kinds = st.sampled_from(["text", "image", "mixed", "voice", "event", "merged_msg", "location", "", "file"])
frames = st.dictionaries(st.sampled_from(FIELDS), st.recursive(leaves, _nested, max_leaves=12), max_size=6)


@target(st.tuples(kinds, frames), heard.Unreadable, examples=30)
def wecom_json(value: tuple[str, dict[str, Any]]) -> None:
    kind, row = value
    for read in (heard.of_service, heard.of_bot):
        heard.packed(read({**row, "msgtype": kind}, NOW))


@target(st.tuples(values, values, values))
def calendar(value: tuple[str, str, str]) -> None:
    name, address, person = value
    venue = SimpleNamespace(name=name, address=address)
    sitting = SimpleNamespace(
        pk=1, venue=venue, starts_at=NOW, ends_at=NOW + timedelta(hours=1), epoch=1, state="published"
    )
    rows: Any = [SimpleNamespace(sitting=sitting, names=[person])]
    body = ics.of_venue(venue, rows, NOW)  # type: ignore[arg-type]
    assert len(icalendar.Calendar.from_ical(body).walk("VEVENT")) == 1


LETTERS = [
    (
        "From: =?gb18030?B?s8K088P3?= <chen@example.org>\r\nTo: office@x.org\r\nSubject: =?utf-8?Q?=E7=81=AF?=\r\n"
        "Message-ID: <1@x>\r\nIn-Reply-To: <2@x>\r\nDate: Sun, 22 Nov 2026 07:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        "灯坏了\r\n> 您好\r\n--b\r\nContent-Type: image/jpeg; name*=utf-8''%E7%85%A7.jpg\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n/9j/4AAQ\r\n--b--\r\n"
    ).encode(),
    (
        b"From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n"
        b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n\n--r\nContent-Type: message/rfc822"
        b"\n\nMessage-ID: <3@x>\n\nx\n--r--\n"
    ),
    "From: a@b\nAuto-Submitted: auto-replied\nContent-Type: text/html; charset=gb2312\n\n<p>您<br>好".encode("gb18030"),
]
HEADERS = [
    b"Content-Type: text/plain; charset=nonsense\n", b"Content-Transfer-Encoding: base64\n", b"=?x?B?!!!?=", b"--b\r\n",
    b"Content-Transfer-Encoding: uuencode\n", b"Content-Type: multipart/mixed\n", b"boundary=\"\"", b"<!--", b"<style>",
]  # fmt: skip


@target(changed_bytes(LETTERS, HEADERS), examples=25)
def letter(value: bytes) -> None:
    found = parsing.parse(value)
    found.words.encode()
    found.subject.encode()
    found.name.encode()
