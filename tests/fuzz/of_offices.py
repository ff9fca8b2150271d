"""What an office loads and types: rosters, catalogues, sums, areas, codes; and what other services answer."""

import io
import json
import zipfile
from typing import Any

from django.test import Client
from hypothesis import strategies as st

from cast import NOW, Cast
from chenyue.catalogue.sheets import COLUMNS as CATALOGUE
from chenyue.catalogue.sheets import import_catalogue
from chenyue.core import calling, outbound, paging, tables
from chenyue.core.press import archive as word
from chenyue.core.press.refused import Refused
from chenyue.gateway.archives.lines import Table
from chenyue.gateway.assistants import tools
from chenyue.gateway.wecom import known
from chenyue.insight.opendata import showing
from chenyue.mediation import calculators, capitals, linting_text
from chenyue.mediation.calculators.asked import ASKED
from chenyue.mediation.calculators.outcome import Wrong
from chenyue.notify.channels import sms, sms_aliyun, sms_http, sms_tencent
from chenyue.notify.channels.register import Postponed, Trouble
from chenyue.people.models import Resident
from chenyue.reception import live
from chenyue.stewards.importing import COLUMNS as STEWARDS
from chenyue.stewards.importing import import_stewards
from chenyue.upkeep.backups import code as recovery
from chenyue.volunteering import amounts, rotating
from chenyue.volunteering.matching import showing as weeks
from chenyue.works import areas, law
from fuzz.changing import changed_bytes, changed_text
from fuzz.targets import target
from gateway.api_stage import held

STEWARD = [
    "金桂苑1幢",
    "王芳",
    "楼长",
    "居民",
    "13800000003",
    "1970",
    "苏州话、普通话",
    "2026-01-01",
    "wang",
    "3",
    "1",
    "20",
    "苏州话",
]
KIND = [
    "0199",
    "01",
    "楼道堆物",
    "即接即办",
    "drainage",
    "greening",
    "一般",
    "4wh",
    "1wd",
    "5wd",
    "",
    "堆物;杂物",
    "",
    "",
    "否",
    "是",
    "是",
    "x1",
]
PERSON = ["wang", "WangJianGuo"]
WITH = [
    ["stewards", STEWARDS, STEWARD],
    ["catalogue", CATALOGUE, KIND],
    ["wecom", {"a": ("用户名",), "b": ("企业微信账号",)}, PERSON],
]


@st.composite
def _sheets(draw: Any) -> tuple[str, bytes]:
    kind, columns, line = draw(st.sampled_from(WITH))
    lines = [
        [draw(changed_text([cell])) if draw(st.booleans()) else cell for cell in line]
        for _n in range(draw(st.integers(1, 3)))
    ]
    return kind, tables.write_csv([others[0] for others in columns.values()], lines)


@target(_sheets(), examples=3)
def office_table(value: tuple[str, bytes]) -> None:
    kind, data = value
    cast = Cast()
    if kind == "stewards":
        import_stewards(data, "楼长.csv", by=cast.zhao.actor(), at=NOW)
    elif kind == "catalogue":
        import_catalogue(data, "目录.csv", by=cast.admin.actor(), at=NOW)
    else:
        known.load(data=data, filename="人员.csv", corp_id="ww1", by=cast.admin.actor(), at=NOW)


@target(
    changed_text(
        ["89.32㎡", "1,234.5", "壹仟陆佰捌拾元零叁角贰分", "12.5", "1:35", "￥１２"], ["元", "㎡", ":", ".", "亿", "万"]
    ),
    examples=15,
)
def amount(value: str) -> None:
    found = capitals.read_words(value)
    assert found is None or capitals.read_words(capitals.in_words(found)) == found
    for read in (areas.read, areas.read_total, amounts.read_credits, amounts.read_yuan, amounts.read_minutes):
        try:
            assert 0 <= read(value) < 2**63
        except amounts.Refusal:
            continue


CODES = [
    "4bqk2-0123456789abcdef0123",
    "2026-10",
    "12-34",
    "AB3CD-EF4GH-JK5MN-PQ6RS-TV7WX",
    "WzEsMiwzXQ",
    "eyJhIjoxfQ:1abc:xyz",
]


@target(changed_text(CODES), examples=15)
def code(value: str) -> None:
    weeks.read_pair(value)
    live.read_key(value)
    paging._decode(value)
    for read in (
        lambda: rotating.read("s", "V2026-0001", value, NOW, 48), lambda: rotating.read_typed("s", "x", value, NOW),
        lambda: showing.month_of(value), lambda: recovery.read(value),
    ):  # fmt: skip
        try:
            read()
        except amounts.Refusal:
            continue


@target(
    changed_text(
        ["甲方由张三一次性支付乙方人民币壹万元（¥10,000.00元），2026年2月30日前付清。", "（小写：１２万）壹拾贰万元"],
        ["年", "月", "日", "万", "（", "¥"],
    )
)
def agreement_words(value: str) -> None:
    list(linting_text._days("x", value))
    list(linting_text._sums("x", value))


cells = st.one_of(
    changed_text(["1000", "1/3", "2026-01-31", "甲", "甲、乙", "", "born", "fixed"]), st.none(), st.booleans()
)


def given_to(kind: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """What its form hands over: a value for each thing asked, rows for each group."""
    asked = ASKED[kind]
    groups = {
        group.code: st.lists(st.dictionaries(st.sampled_from([ask.code for ask in group.asks]), cells), max_size=3)
        for group in asked.groups
    }
    given = st.fixed_dictionaries({}, optional={ask.code: cells for ask in asked.asks} | groups)
    return st.tuples(st.just(kind), given)


@target(st.sampled_from(sorted(calculators.WORK)).flatmap(given_to), Wrong, examples=20)
def calculation(value: tuple[str, dict[str, Any]]) -> None:
    kind, told = value
    json.dumps(calculators.calculate(kind, told))


RULE = json.dumps([{
    "code": "own-1", "version": 1, "title": "公约", "source": "公约第3条", "since": "2026-01-01", "until": None,
    "quorum_area": "2/3", "quorum_heads": "2/3", "agree_area": "1/2", "agree_heads": "1/2",
    "matters": [{"number": "1", "what": "x"}],
}], ensure_ascii=False)  # fmt: skip


@target(changed_text([RULE], ["[" * 3000, "1/0", "null", "{}", "[]"], json=True), examples=12)
def law_table(value: str) -> None:
    law.read(value)


LINE = b'{"":[],"birth_year":null,"created_at":"2026-11-22T00:00:00+00:00","dialect":"","name":"x","phone":"1"}\n'
BITS = [b"null", b"[]", b"{", b'"name":', b'"":[["name",[],"x"]],', b"1e999", b"[" * 3000]


@target(changed_bytes([LINE], BITS), ValueError, KeyError, TypeError)
def archive_line(value: bytes) -> None:
    Table(Resident).row(value)


SAID = [
    b'{"Code":"OK","BizId":"1"}',
    b'{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":"x"}]}}',
    b'{"errcode":0,"a":{"b":1}}',
]
SAYS = [b"null", b"[]", b"[" * 3000, b'"Code":[],', b"1e999", b"true", b"\xff"]


@target(st.tuples(changed_bytes(SAID, SAYS), st.sampled_from([200, 400, 429, 503])), Trouble, Postponed, examples=12)
def answer_of_a_service(value: tuple[bytes, int]) -> None:
    answer = calling.Answer(value[1], value[0])
    sms_http.is_good("errcode=0", "", answer.json())
    for judged in (sms_aliyun.judged, sms_tencent.judged, lambda one: outbound._parsed(one.body)):
        try:
            judged(answer)
        except (Trouble, Postponed, amounts.Refusal):
            continue


LINES = [
    "code = SMS_1 : code, minutes=time",
    "Authorization: Bearer {key}",
    "https://gw.example.com:8443/a?b={phone}",
    "errcode=0",
]


@target(changed_text(LINES, ["http://[::1", "@", "{", "：", "\x85"]), examples=12)
def line_of_a_setup(value: str) -> None:
    sms.mobile(value)
    for read in (sms.templates, sms_http.headers_of, sms_http.address, calling.checked, outbound.checked):
        try:
            read(value)
        except amounts.Refusal:
            continue


def _repacked(part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            '<Types><Override ContentType="application/x-wordprocessingml.document.main+xml"/></Types>',
        )
        made.writestr("word/document.xml", part)
        made.writestr("word/_rels/document.xml.rels", part)
    return out.getvalue()


PART = (
    b'<w:document xmlns:w="w"><w:p><w:instrText>PAGE</w:instrText></w:p>'
    b'<Relationship Target="a" TargetMode="External" Type="x/hyperlink"/></w:document>'
)
parts = st.builds(
    _repacked,
    changed_bytes([PART], [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"INCLUDETEXT", b"<w:fldChar", b"http://"]),
)


@target(st.one_of(parts, changed_bytes([_repacked(PART)])), Refused, examples=10)
def word_archive(value: bytes) -> None:
    word.check(value)


ARGUMENTS = ["number", "q", "state", "order", "limit", "cursor", "from", "to", "id", "place", "words", "case"]
told = st.one_of(
    changed_text(["2026-1124-0001", "open", "10", "污水"]),
    st.integers(),
    st.none(),
    st.lists(st.text(max_size=3), max_size=2),
    st.floats(),
)


@target(
    st.tuples(st.sampled_from(sorted(tools.tools())), st.dictionaries(st.sampled_from(ARGUMENTS), told, max_size=3)),
    examples=4,
)
def assistant(value: tuple[str, dict[str, Any]]) -> None:
    name, arguments = value
    cast = Cast()
    json.dumps(tools.call(name, arguments, token=held(cast, cast.zhao), address="127.0.0.1").data)


HEADERS = [
    "HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER", "HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID", "HTTP_HX_REQUEST",
    "HTTP_ORIGIN",
    "HTTP_HX_CURRENT_URL", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED", "HTTP_HX_TARGET", "HTTP_HX_TRIGGER", "HTTP_RANGE",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_AUTHORIZATION", "HTTP_HOST", "HTTP_FORWARDED",
    "HTTP_USER_AGENT",
]  # fmt: skip
COOKIES = [
    "chenyue_session", "csrftoken", "django_language", "messages", "chenyue_device", "chenyue_resident",
    "chenyue_known",
    "chenyue_text", "chenyue_theme", "chenyue_code",
]  # fmt: skip
said = changed_text(
    [
        "zh-CN,zh;q=0.9",
        "true",
        "http://testserver/desk/",
        "bytes=0-1",
        "Bearer x",
        "127.0.0.1",
        "eyJhIjoxfQ:1abc:xyz",
        'W/"x"',
    ]
)
paths = st.sampled_from(
    ["/", "/sign-in/", "/tell/", "/desk/", "/api/v1/cases", "/volunteering/me/", "/healthz", "/no/"]
)


@target(
    st.tuples(
        paths,
        st.dictionaries(st.sampled_from(HEADERS), said, max_size=3),
        st.dictionaries(st.sampled_from(COOKIES), said, max_size=2),
    ),
    examples=15,
)
def headers_and_cookies(value: tuple[str, dict[str, str], dict[str, str]]) -> None:
    path, headers, cookies = value
    client = Client()
    for name, held_ in cookies.items():
        client.cookies[name] = held_.encode("unicode_escape").decode()
    sent = {name: one.encode("utf-8", "replace").decode("latin-1") for name, one in headers.items()}
    assert client.get(path, **sent).status_code < 500
