"""Connections: made, changed, tried out and ended by who sets the office up. Their secrets are never read back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.text import clean
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import api, crypto
from chenyue.gateway.wecom.known import keeper
from chenyue.gateway.wecom.sending import host as checked_host
from chenyue.notify import channels
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

Kind = WecomLink.Kind
SECRETS = ("secret", "token", "aes_key")
PLAIN = ("name", "host", "corp_id", "agent_id", "account")
# What each kind asks for, and what it can't be switched on without.
ASKS: dict[str, tuple[str, ...]] = {
    Kind.APP: ("corp_id", "agent_id", "secret", "token", "aes_key", "host"),
    Kind.SERVICE: ("corp_id", "account", "secret", "token", "aes_key", "host"),
    Kind.REPORT: ("corp_id", "secret", "host"),
    Kind.BOT: ("corp_id", "account", "secret"),
}
NEEDS: dict[str, tuple[str, ...]] = {
    Kind.APP: ("corp_id", "agent_id", "secret"),
    Kind.SERVICE: ("corp_id", "account", "secret"),
    Kind.REPORT: ("corp_id", "secret"),
    Kind.BOT: ("account", "secret"),
}
CALLED = (Kind.APP, Kind.SERVICE)  # WeCom calls us
REPORTS_BACK = timedelta(days=1)
LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "host": gettext_lazy("Server of a private WeCom"),
    "corp_id": gettext_lazy("Corporation's ID (CorpID)"),
    "agent_id": gettext_lazy("App's number (AgentId)"),
    "account": gettext_lazy("Account"),
    "secret": gettext_lazy("Secret"),
    "token": gettext_lazy("Token of the callback"),
    "aes_key": gettext_lazy("EncodingAESKey of the callback"),
}


def hint(link: WecomLink, name: str) -> str:
    """A secret as its page shows it: dots and its last four characters, never more than a quarter of it."""
    kept = str(getattr(link, name))
    return ("••••" + (kept[-4:] if len(kept) >= 16 else "")) if kept else ""


def lacks(link: WecomLink) -> list[str]:
    """What is missing for it to be switched on."""
    return [name for name in NEEDS[link.kind] if not getattr(link, name)]


@transaction.atomic
def save(*, link: WecomLink | None, kind: str, given: Mapping[str, Any], by: Actor, at: datetime) -> WecomLink:
    """Make a connection, or change one. An empty secret keeps the one there is. Refusal at the field that is wrong."""
    member = keeper(by)
    if link is None:
        row = WecomLink(kind=kind, code=ids.token(), made_by=member, made_at=at)
    else:
        row = WecomLink.objects.select_for_update().get(pk=link.pk, ended_at=None)
    before = {name: getattr(row, name) for name in (*PLAIN, *SECRETS, "on")}
    _fill(row, kind, given, link is not None)
    row.on = bool(given.get("on"))
    if row.on and (missing := lacks(row)):
        name = missing[0]
        raise Refusal(_("Without this it can't be switched on: %(what)s") % {"what": LABELS[name]}, field=name)
    changed = sorted(name for name, value in before.items() if getattr(row, name) != value)
    if row.on and row.since is None:
        row.since = at - REPORTS_BACK
    if set(changed) & {"host", "corp_id", "secret"}:
        row.access, row.access_until = "", None
    if set(changed) & {"host", "corp_id", "account"}:
        row.cursor = ""
    row.trouble, row.trouble_at = "", None
    row.save()
    if changed or link is None:
        data = {"name": row.name, "kind": kind, "on": row.on, "fields": changed}
        record(subject=row.subject, verb="gateway.wecom_set", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    _tell_outbox(by, at)
    return row


def _fill(row: WecomLink, kind: str, given: Mapping[str, Any], there: bool) -> None:
    row.name = clean(str(given.get("name") or ""))[:60]
    before = (row.host, row.corp_id)
    for name in ASKS[kind]:
        typed = str(given.get(name) or "").strip()
        if name in SECRETS:
            if typed:
                setattr(row, name, _secret(name, typed))
        elif name == "host":
            row.host = _host(typed)
        else:
            setattr(row, name, clean(typed)[:64])
    if there and (row.host, row.corp_id) != before and not given.get("secret"):
        # A secret never goes to another server, or in another's name, than the one it was given for.
        row.secret = ""
        if given.get("on"):
            raise Refusal(_("For another server or corporation, enter the secret anew."), field="secret")
    if kind in CALLED and bool(row.token) != bool(row.aes_key):
        raise Refusal(
            _("The callback needs both: token and EncodingAESKey."), field="aes_key" if row.token else "token"
        )


def _host(typed: str) -> str:
    try:
        return checked_host(typed)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="host", code=refusal.code) from refusal


def _secret(name: str, typed: str) -> str:
    if not typed.isascii() or not typed.isprintable() or " " in typed:
        raise Refusal(_("Only letters, digits and signs, without spaces."), field=name)
    if name == "aes_key":
        try:
            crypto.key_of(typed)
        except ValueError as error:
            raise Refusal(_("An EncodingAESKey has 43 letters and digits."), field=name) from error
    return typed


@transaction.atomic
def end(*, link: WecomLink, by: Actor, at: datetime) -> None:
    """End a connection: its secrets are forgotten; that it was there stays."""
    keeper(by)
    row = WecomLink.objects.select_for_update().get(pk=link.pk)
    if row.ended_at:
        return
    row.on, row.ended_at = False, at
    for name in (*SECRETS, "access", "cursor"):
        setattr(row, name, "")
    row.save()
    data = {"name": row.name, "kind": row.kind}
    record(subject=row.subject, verb="gateway.wecom_ended", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    _tell_outbox(by, at)


# Which connections a channel of the outbox needs.
USED_BY = {"wecom": (Kind.APP, Kind.SERVICE, Kind.REPORT), "wecom_app": (Kind.APP,), "wecom_bot": (Kind.BOT,)}


def _tell_outbox(by: Actor, at: datetime) -> None:
    """A channel is on as long as a connection of its kind is; members hear everything until somebody chooses less."""
    kinds = set(WecomLink.objects.filter(on=True, ended_at=None).values_list("kind", flat=True))
    for code, needed in USED_BY.items():
        on = bool(kinds & set(needed))
        if on != channels.of(code).on:
            more = {"notices": "all"} if on and code == "wecom_app" else {}
            channels.change(code=code, by=by, at=at, on=on, **more)


def try_out(*, link: WecomLink, userid: str, by: Actor, at: datetime) -> str:
    """Use it once, with nothing of anybody in it; what happened, in a sentence. Raises Refusal with what is wrong."""
    keeper(by)
    if missing := lacks(link):
        raise Refusal(_("Save this first: %(what)s") % {"what": LABELS[missing[0]]})
    if link.kind == Kind.BOT:
        return _bot(link, at)
    link.pause_until = None  # whoever tries wants to know now
    api.access(link, at, stale=link.access)
    if link.kind == Kind.APP and userid:
        words = _("Test of Chenyue: this message has arrived.")
        body = {"touser": userid, "msgtype": "text", "agentid": api.agent(link), "text": {"content": words}}
        found = api.call(link, "/cgi-bin/message/send", body, at=at)
        if found.get("invaliduser"):
            raise Refusal(_("WeCom has nobody of this name whom the app reaches: %(who)s") % {"who": userid})
        return _("The secret is right, and a test was sent to %(who)s.") % {"who": userid}
    if link.kind == Kind.SERVICE:
        found = api.call(link, "/cgi-bin/kf/account/list", {"offset": 0, "limit": 100}, at=at)
        rows = found.get("account_list")
        accounts = [row.get("open_kfid") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        if link.account not in accounts:
            raise Refusal(_("The secret is right, but this account of customer service isn't among its accounts."))
        return _("The secret is right, and so is the account.")
    if link.kind == Kind.REPORT:
        body = {"begin_modify_time": int(at.timestamp()), "cursor": "", "limit": 1}
        api.call(link, "/cgi-bin/report/resident/get_order_list", body, at=at)
        return _("The secret is right, and reports can be read.")
    return _("The secret is right.")


def _bot(link: WecomLink, at: datetime) -> str:
    if link.held_until and link.held_until > at:
        return _("The robot is connected, by %(who)s.") % {"who": link.held_by}
    raise Refusal(_("The robot isn't connected. On the machine, start: manage.py wecom_bot"))
