"""No English word on a Chinese screen: every page that each of the cast can open is read for Latin letters."""

import html
import re

import pytest

from cast import client_of
from chenyue.people.models import Member
from house import screens

SHOWN_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-key-says|data-why)="([^"]*)"')
HIDDEN = re.compile(
    r"<(script|style|code|pre|kbd)\b.*?</\1>|<!--.*?-->|<option[^>]*value=\"[^\"]*\">English.*?</", re.S
)
LATIN = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
# What people here read as it is: names of formats, systems and sizes, and the switch to the other language.
ALLOWED = {
    "chenyue",
    "media",
    "stick",
    "Excel",
    "xlsx",
    "csv",
    "xls",
    "ods",
    "tsv",
    "https",
    "http",
    "English",
    "WeCom",
    "Open",
    "E-mail",
    "Word",
}
ALLOWED |= {
    "docx",
    "Chenyue",
    "GeoReport",
    "GeoJSON",
    "Apache",
    "wd",
    "wh",
    "localhost",
    "testserver",
    "OpenAI",
    "Atom",
    "beancount",
}
# Pages for the office's keepers, who read codes, addresses and hashes; guides to parts and to the API are for builders.
NOT_READ = {"core:styleguide", "desk:audit", "healthz", "readyz", "metrics", "api"}
TERMS_OF_WECOM = "/desk/set-up/channels/wecom/"  # CorpID, AgentId, Token … as WeCom's own console writes them
DATA = re.compile(  # addresses, numbers, receipts, promises, file names, request ids
    r"https?://\S+|/chat/completions|\b[\w.-]+@[\w.-]+\b|A?\d{4}-\d{4}-\d{4}|\b(?:[A-Z0-9]{4}-){2}[A-Z0-9]{4}\b|/[a-z]/[\w-]+/?|\b\d+(?:m|h|wh|wd|d)\b"
    r"|\{\w+\}|\.(?:pdf|jpg|png)\b|\b[0-9a-f-]{12,}\b"
)


def words_on(page: str) -> set[str]:
    """Latin words that a reader of this page sees or hears."""
    body = HIDDEN.sub(" ", page)
    shown = " ".join(SHOWN_ATTRIBUTES.findall(body)) + " " + re.sub(r"<[^>]+>", " ", body)
    left = DATA.sub(" ", html.unescape(shown))
    return {word for word in LATIN.findall(left) if word not in ALLOWED and not word.isupper()}


@pytest.mark.parametrize("who", ["anonymous", "lin", "zhao", "admin"])
def test_no_english_word(cast, who):
    world = screens.live_in(cast)
    client = client_of(None if who == "anonymous" else getattr(cast, who), headers={"accept-language": "zh-CN"})
    found, seen = {}, 0
    named = [
        (url, data)
        for name, url, data in screens.doors(world)
        if name not in NOT_READ and not url.startswith(TERMS_OF_WECOM)
    ]
    for url, data in [*named, *((url, {}) for url in screens.more(world))]:
        answer = client.get(url, data)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            seen += 1
            for word in words_on(answer.content.decode()):
                found.setdefault(word, url)
    assert seen > 5
    for name in [*Member.objects.values_list("username", flat=True), *cast.units]:
        found.pop(name, None)
    assert found == {}  # word → the first page that shows it


def test_pages_of_errors_are_chinese_too(cast):
    client = client_of(cast.zhou, headers={"accept-language": "zh-CN"})
    pages = [client.get(url) for url in ("/nowhere/", "/desk/cases/", "/look/")]
    assert [page.status_code for page in pages] == [404, 403, 405]
    assert [words_on(page.content.decode()) for page in pages] == [set(), set(), set()]
