"""Calling WeCom's server: access tokens, and what its errors mean for us.

One token for all processes, fetched by one of them; refreshed once when WeCom calls it stale (40014, 42001).
When WeCom says "too often" (45009), everything of that connection waits instead of trying on.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.core.errors import Refusal, Sentence
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import health

PUBLIC = "https://qyapi.weixin.qq.com"
SECONDS = 10.0
MOST_FILE = 20 * 1024 * 1024
EARLIER = timedelta(minutes=5)  # a token is left before it runs out
ASKING = timedelta(seconds=20)  # for which one process fetches a token, the others wait
SHORT, LONG = timedelta(seconds=30), timedelta(minutes=2)
STALE = {40014, 42001, 41001}
TOO_OFTEN = {45009, 45033, 45011, 846607}
BUSY = {-1, 6000}
NOBODY = {81013, 40003, 60111, 60011, 40058, 95000, 95013, 95014, 95015, 95016, 84061}
SENTENCES: dict[int, Sentence] = {
    40001: _("WeCom doesn't know this secret (40001)."),
    40013: _("WeCom doesn't know this corporation's ID (40013)."),
    40056: _("WeCom doesn't know this app (40056)."),
    40091: _("WeCom doesn't know this secret (40091)."),
    41004: _("WeCom misses the secret (41004)."),
    45009: _("WeCom says: too often (45009). It is tried again later."),
    60011: _("The app may not reach this person (60011): look at who can see it."),
    60020: _("WeCom refuses calls from this machine (60020): enter its public address under 企业可信IP."),
    60111: _("WeCom doesn't know this user (60111)."),
    81013: _("The app reaches none of these people (81013): look at who can see it."),
    93000: _("WeCom doesn't know this robot's key (93000)."),
    95001: _("No more than five messages in 48 hours: they must write first (95001)."),
    301002: _("This app may not do that (301002)."),
    48002: _("This app may not do that (48002): it must be admitted in WeCom's own settings."),
}


class Trouble(Refusal):
    """WeCom didn't do it. `later`: try again, not before `after`; otherwise it will never work like this."""

    def __init__(
        self, sentence: Sentence, *, errcode: int = 0, later: bool = False, after: datetime | None = None
    ) -> None:
        super().__init__(sentence, code=f"wecom:{errcode}")
        self.errcode, self.later, self.after = errcode, later, after


def base(link: WecomLink) -> str:
    """The server of a connection."""
    return (link.host or PUBLIC).rstrip("/")


def agent(link: WecomLink) -> int | str:
    """The app's number as its messages carry it."""
    given = link.agent_id
    return int(given) if given.isascii() and given.isdigit() else given


def access(link: WecomLink, at: datetime, stale: str = "") -> str:
    """The access token; a new one if it runs out or is the `stale` one. Raises Trouble."""
    if link.access and link.access != stale and link.access_until and link.access_until > at:
        return str(link.access)
    rows = WecomLink.objects.filter(pk=link.pk)
    if not rows.filter(Q(asking_until=None) | Q(asking_until__lte=at)).update(asking_until=at + ASKING):
        return _of_another(link, at, stale)
    try:
        link.refresh_from_db(fields=["access", "access_until"])
        if link.access and link.access != stale and link.access_until and link.access_until > at:
            return str(link.access)  # another has just fetched it
        query = urlencode({"corpid": link.corp_id, "corpsecret": link.secret})
        found = _asked(link, "GET", f"/cgi-bin/gettoken?{query}", None, at)
        link.access = str(found.get("access_token") or "")
        if not link.access:
            raise Trouble(_("WeCom's answer can't be understood."), later=True)
        lasts = timedelta(seconds=_whole(found.get("expires_in"), 7200))
        link.access_until = at + max(lasts - EARLIER, lasts / 2)
        rows.update(access=link.access, access_until=link.access_until)
    finally:
        rows.update(asking_until=None)
    return str(link.access)


def _of_another(link: WecomLink, at: datetime, stale: str) -> str:
    link.refresh_from_db(fields=["access", "access_until"])
    if link.access and link.access != stale and link.access_until and link.access_until > at:
        return str(link.access)
    raise Trouble(_("Another process is just signing in to WeCom."), later=True, after=at + SHORT)


def _whole(value: Any, otherwise: int) -> int:
    """A number of seconds, within what makes sense."""
    return min(max(value, 60), 7200) if isinstance(value, int) and not isinstance(value, bool) else otherwise


def call(
    link: WecomLink, path: str, body: Mapping[str, Any] | None = None, *, at: datetime, **query: str
) -> dict[str, Any]:
    """Ask WeCom something in the name of the connection; its answer. Raises Trouble."""
    token = access(link, at)
    for attempt in (1, 2):
        try:
            return _asked(link, "POST" if body is not None else "GET", _with(path, token, query), body, at)
        except Trouble as trouble:
            if attempt == 2 or trouble.errcode not in STALE:
                raise
            token = access(link, at, stale=token)
    raise AssertionError("unreachable")


def _with(path: str, token: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode({'access_token': token} | dict(query))}"


def by_hook(link: WecomLink, key: str, body: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Let the group robot with this key say something. Raises Trouble."""
    return _asked(link, "POST", f"/cgi-bin/webhook/send?{urlencode({'key': key})}", body, at)


def media(link: WecomLink, media_id: str, *, at: datetime) -> bytes:
    """A picture or file that somebody sent. Raises Trouble."""
    token = access(link, at)
    for attempt in (1, 2):
        answer = _called(link, "GET", _with("/cgi-bin/media/get", token, {"media_id": media_id}), None, at, MOST_FILE)
        kind = answer.headers.get("content-type", "")
        if "json" not in kind and "text/plain" not in kind:
            return answer.body
        try:
            _understood(link, answer, at)
        except Trouble as trouble:
            if attempt == 2 or trouble.errcode not in STALE:
                raise
            token = access(link, at, stale=token)
    raise Trouble(_("WeCom's answer can't be understood."))


def _asked(link: WecomLink, method: str, path: str, body: Mapping[str, Any] | None, at: datetime) -> dict[str, Any]:
    return _understood(link, _called(link, method, path, body, at), at)


def _called(
    link: WecomLink, method: str, path: str, body: Mapping[str, Any] | None, at: datetime, most: int = 1024 * 1024
) -> calling.Answer:
    # Addresses carry tokens and keys, and httpx would write each of them into the log.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if link.pause_until and link.pause_until > at:
        raise Trouble(SENTENCES[45009], errcode=45009, later=True, after=link.pause_until)
    sent = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    headers = {"Content-Type": "application/json; charset=utf-8"} if sent else {}
    try:
        answer = calling.call(method, base(link) + path, headers=headers, body=sent, seconds=SECONDS, most=most)
    except calling.NotCalled as refusal:
        later = refusal.code in ("late", "unreachable")
        health.ill(link, str(refusal.sentence), at)
        raise Trouble(refusal.sentence, later=later, after=at + SHORT if later else None) from refusal
    if not answer.good:
        trouble = Trouble(
            _("WeCom answers with error %(code)s.") % {"code": answer.status},
            later=answer.status >= 429,
            after=at + LONG,
        )
        health.ill(link, str(trouble.sentence), at)
        raise trouble
    return answer


def _understood(link: WecomLink, answer: calling.Answer, at: datetime) -> dict[str, Any]:
    found = answer.json()
    code = found.get("errcode", 0) if found else None
    if not isinstance(code, int) or isinstance(code, bool):
        health.ill(link, str(_("WeCom's answer can't be understood.")), at)
        raise Trouble(_("WeCom's answer can't be understood."), later=True, after=at + LONG)
    if code == 0:
        health.well(link, at)
        return found
    said = SENTENCES.get(code) or _("WeCom refuses (%(code)s).") % {"code": code}
    if code in TOO_OFTEN:
        link.pause_until = at + LONG
        WecomLink.objects.filter(pk=link.pk).update(pause_until=link.pause_until)
        raise Trouble(said, errcode=code, later=True, after=link.pause_until)
    if code not in STALE | NOBODY:
        health.ill(link, str(said), at)
    raise Trouble(said, errcode=code, later=code in BUSY | STALE, after=at + LONG if code in BUSY | STALE else None)
