"""New law, or a rule of an office's own covenant, as rows: read from a file, checked, added; never changed."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.timeline.actions import record
from chenyue.works.models import ThresholdRule
from chenyue.works.site import permits

SHARES = ("quorum_area", "quorum_heads", "agree_area", "agree_heads")
FLAGS = ("inclusive", "quorum_inclusive", "of_participants")
_SHARE = re.compile(r"0|[1-9]\d{0,3}/[1-9]\d{0,3}")
_CODE = re.compile(r"[a-z0-9_-]{3,40}")


@dataclass(frozen=True)
class Added:
    """What became of a file of rules."""

    added: tuple[str, ...]
    ended: tuple[str, ...]  # those that got a last day
    unchanged: int


def read(text: str) -> list[dict[str, Any]]:
    """Rows of a file like `data/rules.json`. Raises Refusal with the number of the row that can't be right."""
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise Refusal(_("This isn't a file of rules: it can't be read as JSON."), code="no_json") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal(_("A file of rules is a list of rules."), code="no_list")
    return [_checked(row, number) for number, row in enumerate(rows, start=1)]


def _checked(row: dict[str, Any], number: int) -> dict[str, Any]:
    try:
        for name in SHARES:
            if not _SHARE.fullmatch(str(row[name])) or Fraction(str(row[name])) > 1:
                raise ValueError(name)
        if not _CODE.fullmatch(str(row["code"])) or not str(row["title"]).strip() or not str(row["source"]).strip():
            raise ValueError("code, title, source")
        since = date.fromisoformat(row["since"])
        until = date.fromisoformat(row["until"]) if row.get("until") else None
        if until is not None and until < since:
            raise ValueError("until")
        matters = [{"number": str(m["number"])[:10], "what": str(m["what"])[:200]} for m in row.get("matters", [])]
        return {
            "code": row["code"], "version": int(row["version"]), "title": str(row["title"])[:120],
            "source": str(row["source"])[:300], "since": since, "until": until, "matters": matters,
            **{name: str(row[name]) for name in SHARES}, **{name: bool(row.get(name, True)) for name in FLAGS},
        }  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        sentence = _("Rule %(number)d of this file can't be right: %(what)s.")
        raise Refusal(sentence % {"number": number, "what": str(error)[:60]}, code="bad_rule") from error


@transaction.atomic
def save(*, rows: Sequence[dict[str, Any]], by: Actor, at: datetime) -> Added:
    """Add the rules that are new, and give those that are there a last day. What they demand is never changed.

    Raises Refusal where a version that is there would demand something else: that is a new version.
    """
    permits.only(permits.manages(by))
    added, ended, unchanged = [], [], 0
    for row in rows:
        name = f"{row['code']} {row['version']}"
        held = ThresholdRule.objects.select_for_update().filter(code=row["code"], version=row["version"]).first()
        if held is None:
            ThresholdRule.objects.create(**row)
            added.append(name)
            continue
        if any(getattr(held, field) != row[field] for field in (*SHARES, *FLAGS, "since")):
            sentence = _("%(name)s is there already and demands something else: give it the next version number.")
            raise Refusal(sentence % {"name": name}, code="changed")
        if row["until"] is not None and held.until != row["until"]:
            held.until = row["until"]
            held.save(update_fields=["until"])
            ended.append(name)
        else:
            unchanged += 1
    if added or ended:
        record(subject="works-rules", verb="works.rules_added", by=by, at=at, data={"added": added, "ended": ended})
    return Added(tuple(added), tuple(ended), unchanged)
