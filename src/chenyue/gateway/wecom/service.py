"""微信客服: messages are fetched, page by page; the mark up to where is saved together with what was fetched."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import api, heard, inbox
from chenyue.gateway.wecom.heard import Heard

LIMIT = 200
PAGES = 50  # of one turn; the next turn goes on
CUSTOMER, SYSTEM_EVENT = 3, 4  # origin: the customer, or an event of the system
SLACK = timedelta(minutes=10)
log = logging.getLogger(__name__)


def pulled_for(link: WecomLink, told: Heard, at: datetime) -> str:
    """WeCom says that there is something: fetch it, with the token that came along."""
    account = str(told.data.get("OpenKfId") or "")
    if link.account and account and account != link.account:
        return _("This is another account of customer service.")
    return _("%(count)s messages fetched.") % {"count": pull(link, at, str(told.data.get("Token") or ""))}


def pull(link: WecomLink, at: datetime, token: str = "") -> int:
    """Fetch everything that is new; how many messages. Raises Trouble; what was fetched before stays."""
    count = 0
    for _page in range(PAGES):
        link.refresh_from_db(fields=["cursor"])
        body: dict[str, Any] = {"cursor": link.cursor, "limit": LIMIT, "open_kfid": link.account}
        if token:
            body["token"] = token
        found = api.call(link, "/cgi-bin/kf/sync_msg", body, at=at)
        cursor = str(found.get("next_cursor") or "")[:2000]
        count += _kept(link, link.cursor, cursor, found.get("msg_list"), at)
        if found.get("has_more") != 1 or not cursor or cursor == link.cursor:
            break
    return count


@transaction.atomic
def _kept(link: WecomLink, before: str, cursor: str, rows: Any, at: datetime) -> int:
    """Keep a page and how far it goes, both or neither. Another who fetched the same page keeps it."""
    moved = cursor and WecomLink.objects.filter(pk=link.pk, cursor=before).update(cursor=cursor)
    if cursor and not moved:
        return 0
    count = 0
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or row.get("origin") not in (CUSTOMER, SYSTEM_EVENT):
            continue
        said = heard.of_service(row, at)
        number = str(row.get("msgid") or "")
        if not number or (link.since and said.said_at < link.since - SLACK):
            continue
        count += inbox.put(link, f"kf:{number}", said, at) is not None
    return count


@every(300, "gateway.wecom.kf")
def tick(at: datetime) -> int:
    """Fetch without being told, for offices that WeCom can't reach, and for calls that were lost."""
    count = 0
    for link in WecomLink.objects.filter(kind=WecomLink.Kind.SERVICE, on=True, ended_at=None).order_by("pk"):
        try:
            count += pull(link, at)
        except api.Trouble as trouble:
            log.warning("wecom %s: %s", link.pk, trouble.code)
    return count
