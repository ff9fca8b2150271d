"""Who hears of briefs: chosen members of those released, whoever releases of those that failed."""

import json
from datetime import datetime
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import office, site
from chenyue.insight.brief import wording
from chenyue.insight.brief.changes import text_of
from chenyue.insight.brief.stretches import Stretch, of
from chenyue.insight.models import Brief
from chenyue.notify import texts
from chenyue.notify.actions import Address, Letter, notice, send_many
from chenyue.notify.models import Channel
from chenyue.people.models import Member
from chenyue.people.queries import members_with

LETTERS = Path(__file__).parent.parent / "data" / "letters_brief.json"
for _row in json.loads(LETTERS.read_text(encoding="utf-8")):
    texts.register(**_row)


def chosen(kind: str) -> list[int]:
    """Ids of the members whom the office has chosen for briefs of a kind."""
    return [pk for pk in office.get("brief_readers").get(kind, []) if isinstance(pk, int)]


def readers(kind: str) -> list[Member]:
    """Those of them who still may see figures. Two statements."""
    wanted = set(chosen(kind))
    return [member for member in members_with("insight.see") if member.pk in wanted] if wanted else []


def title(brief: Brief) -> str:
    """What a brief is called: `工作周报 2026年第48周（…）`."""
    stretch: Stretch = of(brief.kind, brief.since)
    whose = f"{brief.community.name} " if brief.community_id and brief.community else ""
    return f"{whose}{wording.WORDS['titles'][brief.kind]} {stretch.words()}"


def _url(brief: Brief) -> str:
    return reverse("insight:brief", args=[brief.pk])


def released(brief: Brief, at: datetime) -> None:
    """A line on the desks of those who get it, and a letter with its first sentences; once for each release."""
    key, url = f"brief:{brief.pk}:{brief.version}", _url(brief)
    people = [] if brief.community_id else readers(brief.kind)
    notice([m.pk for m in people], _("Released: %(title)s.") % {"title": title(brief)}, url, key, at)
    lines = [said for row in brief.sentences if (said := text_of(row))]
    blanks = {
        "office": office.get("short_name"), "title": title(brief), "lines": "\n".join(lines[:3]),
        "link": site.base() + url,
    }  # fmt: skip
    letters = [
        Letter("brief-released", Address(Channel.EMAIL, member.email), blanks, f"{key}:{member.pk}")
        for member in people
        if member.email
    ]
    send_many(letters, about=f"brief:{brief.pk}", at=at)


def taken_back(brief: Brief, at: datetime) -> None:
    """Whoever got it hears that it was taken back, and why."""
    people = [] if brief.community_id else [member.pk for member in readers(brief.kind)]
    said = _("Taken back: %(title)s. %(reason)s") % {"title": title(brief), "reason": brief.reason}
    notice(people, said, _url(brief), f"brief:{brief.pk}:{brief.version}:back", at)


def failed(brief: Brief, at: datetime) -> None:
    """Whoever releases briefs hears that one could not be written."""
    people = [member.pk for member in members_with("insight.manage")]
    said = _("Could not be written: %(title)s.") % {"title": title(brief)}
    notice(people, said, _url(brief), f"brief:{brief.pk}:{brief.version}:failed", at, urgent=True)
