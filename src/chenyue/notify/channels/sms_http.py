"""Any gateway that takes a short message over HTTP: address, body and what a good answer looks like are settings.

Words in braces are filled in, each escaped for where it stands: {phone} {text} {signature} {user} {key} {time} {md5}
{id}. Nothing else in braces is touched, so that a JSON body can be typed as it is.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.core.errors import Refusal
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.register import Field, Outgoing, Postponed, Trouble

BLANK = re.compile(r"\{(phone|text|signature|user|key|time|md5|id)\}")
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "xml": "application/xml",
    "text": "text/plain",
}
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
BUSY = (429, 503)


def _quoted(charset: str) -> Callable[[str], str]:
    return lambda value: quote(value.encode(charset, "replace"), safe="")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_header(value: str) -> str:
    return re.sub(r"[\r\n\x00]", " ", value)


def fill(typed: str, values: Mapping[str, str], escaped: Callable[[str], str]) -> str:
    """A template with its words filled in, each escaped."""
    return BLANK.sub(lambda found: escaped(values[found[1]]), typed)


def _values(out: Outgoing, setup: Setup) -> dict[str, str]:
    signature = str(setup.get("signature"))
    values = {
        "phone": out.address,
        "text": f"【{signature}】{out.body}" if setup.get("signed_here") else out.body,
        "signature": signature,
        "user": str(setup.get("http_user")),
        "key": str(setup.get("http_key")),
        "time": timezone.localtime().strftime("%Y%m%d%H%M%S"),
        "id": hashlib.sha256(out.key.encode()).hexdigest()[:20],
        "md5": "",
    }
    of = fill(str(setup.get("http_md5")), values, str)
    return values | {"md5": hashlib.md5(of.encode(), usedforsecurity=False).hexdigest()}


def send(out: Outgoing, setup: Setup) -> str:
    """Call the gateway and look at its answer."""
    kind, charset = setup.get("http_type", "form"), setup.get("http_charset", "utf-8")
    values = _values(out, setup)
    escapes: dict[str, Callable[[str], str]] = {"json": _in_json, "xml": escape, "form": _quoted(charset), "text": str}
    body = fill(str(setup.get("http_body")), values, escapes[kind]).encode(charset, "replace")
    get = setup.get("http_method") == "GET"
    headers = {} if get else {"Content-Type": f"{TYPES[kind]}; charset={charset}"}
    for name, value in headers_of(str(setup.get("http_headers"))):
        headers[name] = fill(value, values, _in_header)
    try:
        answer = calling.call(
            "GET" if get else "POST",
            fill(str(setup.get("http_address")), values, _quoted(charset)),
            headers=headers,
            body=b"" if get else body,
        )
    except calling.NotCalled as error:
        raise Trouble(error.code, words=str(error.sentence)) from error
    return _judged(answer, str(setup.get("http_good")), charset)


def _judged(answer: calling.Answer, good: str, charset: str) -> str:
    words = answer.body.decode(charset, "replace").strip()
    if answer.status in BUSY:
        raise Postponed("rate", seconds=60)
    if not answer.good:
        raise Trouble(f"HTTP {answer.status}", hopeless=answer.status in (400, 404, 410, 422), words=words)
    if not is_good(good, words, answer.json()):
        raise Trouble("refused", words=words)
    return ""


def is_good(rule: str, words: str, found: Mapping[str, Any]) -> bool:
    """Whether an answer says yes: `a.b=value` looks into a JSON answer, anything else must stand in it."""
    path, equals, wanted = rule.strip().partition("=")
    if equals and found:
        at: Any = found
        for step in path.strip().split("."):
            at = at.get(step) if isinstance(at, Mapping) else None
        return str(at).lower() == wanted.strip().lower() if not isinstance(at, dict | list) else False
    return rule.strip() in words


def headers_of(typed: str) -> list[tuple[str, str]]:
    """`Name: value` lines. Refusal for what is none."""
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or not HEADER.fullmatch(name.strip()) or not value.strip().isprintable() or not value.isascii():
            raise Refusal(gettext("A header is a line such as Authorization: Bearer {key}"))
        if name.strip().lower() in ("host", "content-length", "transfer-encoding"):
            raise Refusal(gettext("This header is set by itself: %(name)s") % {"name": name.strip()})
        found.append((name.strip(), value.strip()))
    return found


def _headers(typed: Any) -> str:
    headers_of(str(typed))
    return str(typed).strip()


def address(typed: Any) -> str:
    """An address with blanks behind the name of its machine only. Refusal otherwise."""
    found = str(typed).strip()
    if not found:
        return ""
    try:
        named = urlsplit(found).netloc
    except ValueError:
        named = ""
    if BLANK.search(named) or "{" in named:
        raise Refusal(gettext("What is filled in must stand behind the name of the machine."))
    calling.checked(BLANK.sub("x", found))
    return found


FIELDS = (
    Field("http_address", _("Address of the gateway"), required=True, driver="http", most=1000, check=address,
          help=_("Filled in: {phone} {text} {signature} {user} {key} {time} {md5} {id}")),
    Field("http_method", _("Method"), "choice", driver="http", default="POST",
          choices=[("POST", "POST"), ("GET", "GET")]),
    Field("http_type", _("Kind of body"), "choice", driver="http", default="form",
          choices=[("form", _("Form")), ("json", "JSON"), ("xml", "XML"), ("text", _("Plain text"))]),
    Field("http_charset", _("Characters"), "choice", driver="http", default="utf-8",
          choices=[("utf-8", "UTF-8"), ("gb18030", "GBK / GB18030")]),
    Field("http_body", _("Body"), "area", driver="http", most=4000,
          help=_("Such as"), example="mobile={phone}&content={text}&user={user}&sign={md5}"),
    Field("http_headers", _("Headers"), "area", driver="http", most=2000, check=_headers),
    Field("http_user", _("User name"), driver="http"),
    Field("http_key", _("Key"), driver="http", secret=True),
    Field("http_md5", _("{md5} is the MD5 of"), driver="http", help=_("Such as"), example="{user}{key}{time}"),
    Field("signed_here", _("Put the signature in front of the text"), "yes", driver="http", default=True),
    Field("http_good", _("A good answer"), driver="http", required=True,
          help=_("Words that stand in it, or for JSON such as"), example="code=0  result.status=ok"),
)  # fmt: skip
