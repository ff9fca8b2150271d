"""居民上报: reports of residents in groups of WeCom are fetched and filed; each once, by its number there.

WeCom takes no answers back by this way: the answer reaches the resident by the number that they left, and on the
page of their receipt. A report that says more later adds words to its appeal.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.cases import actions
from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.models import Appeal, Attachment, Channel
from chenyue.catalogue.models import Urgency
from chenyue.core import calling
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.text import clean
from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomInbound, WecomLink
from chenyue.gateway.open311.taking import nearest
from chenyue.gateway.wecom import api, files, inbox
from chenyue.gateway.wecom.heard import MOST_MEDIA, Heard, moment
from chenyue.places import coordinates

LIMIT, PAGES = 50, 40
BACK = timedelta(days=1)  # how far before the last turn is looked again: a report may change
URGENT = 3
SECONDS = 20.0  # for one picture
TRIED_AGAIN = 429  # statuses from here on pass; others never will
LONGEST_ADDRESS = 1000
Outcome = WecomInbound.Outcome
log = logging.getLogger(__name__)


def pull(link: WecomLink, at: datetime) -> int:
    """Fetch what is new or changed; how many were filed. Raises Trouble."""
    since = max(filter(None, (link.since, link.worked_at and link.worked_at - BACK)), default=at - BACK)
    cursor, filed = "", 0
    for _page in range(PAGES):
        body = {"begin_modify_time": int(since.timestamp()), "cursor": cursor, "limit": LIMIT}
        found = api.call(link, "/cgi-bin/report/resident/get_order_list", body, at=at)
        rows = found.get("order_list")
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                filed += _taken(link, row, at)
        following = str(found.get("next_cursor") or "")
        if not following or following == cursor:
            break
        cursor = following
    return filed


def _taken(link: WecomLink, row: dict[str, Any], at: datetime) -> bool:
    """One report: filed, added to, or known. One that is refused doesn't stop the others."""
    number, words = str(row.get("order_id") or "")[:50], _said(row)
    said_at = moment(row.get("create_time"), at)
    if not number or (link.since and said_at < link.since):
        return False
    external = f"report:{number}"[:60]
    mark = hashlib.sha256(words.encode()).hexdigest()[:32]
    key = f"{external}:{mark}"
    if WecomInbound.objects.filter(link=link, key=key).exists():
        return False
    why, fresh = "", False
    try:
        with transaction.atomic():
            appeal = Appeal.objects.filter(channel=Channel.WECOM, external_number=external).first()
            outcome = Outcome.ADDED if appeal else Outcome.FILED
            if appeal is not None:
                actions.add_words(appeal=appeal, words=words, by=Actor("resident"), at=at)
            else:
                filed = _file(row, words, external, said_at, at)
                appeal, fresh = filed.appeal, not filed.known
            _ask_for_pictures(link, row, appeal, at)
    except Refusal as refusal:
        outcome, why = Outcome.REFUSED, str(refusal.sentence)
    WecomInbound.objects.bulk_create(
        [WecomInbound(link=link, key=key, kind="report", outcome=outcome, why=why[:200], tries=1, at=at)],
        ignore_conflicts=True,
    )
    return fresh


def _pictures(row: dict[str, Any]) -> list[str]:
    """Addresses of the pictures, each once."""
    given = row.get("image_urls")
    found = [one.strip() for one in given if isinstance(one, str)] if isinstance(given, list) else []
    return list(dict.fromkeys(one for one in found if one and len(one) <= LONGEST_ADDRESS))[:MOST_MEDIA]


def _ask_for_pictures(link: WecomLink, row: dict[str, Any], appeal: Appeal, at: datetime) -> None:
    """Let each picture be fetched by a job of its own, once, and tried again if its server is away."""
    for address in _pictures(row):
        mark = hashlib.sha256(address.encode()).hexdigest()[:32]
        data = {"appeal": appeal.number, "url": address}
        inbox.put(link, f"picture:{appeal.number}:{mark}", Heard("picture", "", at, data=data), at)


def fetch(link: WecomLink, heard: Heard, at: datetime) -> tuple[str, str]:
    """Fetch one picture of a report and keep it with its appeal. Raises Trouble, to be tried again.

    Its address is WeCom's word: only public machines by https are asked, without our token, for 20 MB at most; what
    came is looked at by its bytes. What can't be had is said on the case.
    """
    appeal = Appeal.objects.select_related("case").filter(number=str(heard.data.get("appeal"))).first()
    if appeal is None:
        return Outcome.PASSED, ""
    try:
        content = _content(str(heard.data.get("url")), at)
        actions.attach(
            case=appeal.case, files=[files.upload(content, 1)], stage=Attachment.Stage.REPORT, by=Actor("resident"),
            at=at, appeal=appeal,
        )  # fmt: skip
    except Refusal as refusal:
        if isinstance(refusal, api.Trouble) and refusal.later:
            raise
        files.lost(appeal, 1, at)
        return Outcome.REFUSED, str(refusal.sentence)
    return Outcome.ADDED, ""


def _content(address: str, at: datetime) -> bytes:
    try:
        answer = calling.call("GET", address, seconds=SECONDS, most=api.MOST_FILE)
    except calling.NotCalled as refusal:
        raise api.Trouble(refusal.sentence, later=refusal.code in ("late", "unreachable")) from refusal
    if not answer.good:
        raise api.Trouble(
            _("WeCom answers with error %(code)s.") % {"code": answer.status}, later=answer.status >= TRIED_AGAIN
        )
    return answer.body


def _said(row: dict[str, Any]) -> str:
    """The report in words. Films stay in WeCom, and that there are some is said."""
    words = clean(str(row.get("desc") or ""))
    kind, films = clean(str(row.get("case_name") or "")), row.get("video_media_ids")
    parts = [words or kind or _("(no words)")]
    if kind and kind not in words and words:
        parts.append(_("Kind there: %(kind)s") % {"kind": kind[:60]})
    if isinstance(films, list) and films:
        parts.append(_("With %(count)s films, to be seen in WeCom.") % {"count": len(films)})
    return "\n".join(parts)[:8000]


def _file(row: dict[str, Any], words: str, external: str, said_at: datetime, at: datetime) -> Any:
    given = row.get("location")
    where: dict[str, Any] = given if isinstance(given, dict) else {}
    told = " ".join(filter(None, (clean(str(where.get(name) or "")) for name in ("name", "address"))))
    place = _place(where)
    phone = clean(str(row.get("reporter_mobile") or ""))
    urgency = Urgency.URGENT.value if row.get("urge_type") == URGENT else None
    return file_appeal(
        words=words, channel=Channel.WECOM, by=Actor("system", "wecom", _("WeCom, residents' reports")), at=at,
        received_at=said_at, place_id=place, place_told=(told or clean(str(row.get("grid_name") or "")))[:200],
        reporter=ReporterData(name=clean(str(row.get("reporter_name") or ""))[:40], phone=phone),
        consent_contact=bool(phone), external_number=external, urgency=urgency,
    )  # fmt: skip


def _place(where: dict[str, Any]) -> int | None:
    """The building next to where it was reported; telephones in China say GCJ-02."""
    try:
        point = float(where["latitude"]), float(where["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180) or point == (0, 0):
        return None
    found = nearest(coordinates.to_wgs84(point, coordinates.System.GCJ02))
    return found.pk if found else None


@every(300, "gateway.wecom.reports")
def tick(at: datetime) -> int:
    """Every five minutes."""
    count = 0
    for link in WecomLink.objects.filter(kind=WecomLink.Kind.REPORT, on=True, ended_at=None).order_by("pk"):
        try:
            count += pull(link, at)
        except api.Trouble as trouble:
            log.warning("wecom %s: %s", link.pk, trouble.code)
    return count
