"""What differs between versions of a plan, as it reads; and what publishing a draft would do."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chenyue.core.ids import whole
from chenyue.places.queries import gazetteer
from chenyue.works import plans
from chenyue.works import queries as works
from chenyue.works.models import PlanPart, PlanVersion, Project

_BITS = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.DOTALL)
LOOKS = {
    "added": ("done", "plus"),
    "removed": ("late", "trash"),
    "changed": ("due", "edit"),
    "moved": ("wait", "users"),
    "same": ("neutral", "check"),
}


def word_for(kind: str) -> str:
    """How a change is called."""
    return {
        "added": pgettext("works", "New"),
        "removed": _("Dropped"),
        "changed": _("Changed"),
        "moved": _("For other homes"),
        "same": _("As before"),
    }[kind]


@dataclass(frozen=True)
class Told:
    """A part with what became of it; `marked` shows what was taken out and what came in."""

    title: str
    kind: str
    word: str
    tone: str
    icon: str
    marked: SafeString
    whom: str


def told(old: Sequence[PlanPart], new: Sequence[PlanPart]) -> list[Told]:
    """Changes part by part, as pages show them."""
    found = []
    for change in plans.diff(old, new):
        part = change.new or change.old
        if part is None:
            continue
        before, after = change.old.text if change.old else "", change.new.text if change.new else ""
        tone, icon = LOOKS[change.kind]
        body = marked(before, after) if change.kind in ("changed", "removed", "added") else plain(part.text)
        found.append(Told(part.title, change.kind, word_for(change.kind), tone, icon, body, whom(part)))
    return found


def plain(text: str) -> SafeString:
    """A text with its line breaks, escaped."""
    return SafeString(escape(text).replace("\n", "<br>"))


def marked(old: str, new: str) -> SafeString:
    """Both texts in one: what is gone as `<del>`, what is new as `<ins>`."""
    before, after = _BITS.findall(old), _BITS.findall(new)
    out: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            out.append(escape(come))
            continue
        if gone:
            out.append(f"<del>{escape(gone)}</del>")
        if come:
            out.append(f"<ins>{escape(come)}</ins>")
    return SafeString("".join(out).replace("\n", "<br>"))


def whom(part: PlanPart) -> str:
    """Whom a part concerns, in words."""
    if part.everyone:
        return _("every home")
    known = gazetteer()
    names = [place.name for pk in part.buildings if (place := known.get(pk))]
    for line in part.lines:
        building, _colon, name = line.partition(":")
        place = known.get(whole(building, 0))
        names.append(f"{place.name if place else ''} {name}")
    if part.homes:
        names.append(_("%(n)d homes by name") % {"n": len(part.homes)})
    return "、".join(names)


def with_changes(newest_first: list[PlanVersion]) -> list[PlanVersion]:
    """Versions with `changes` from the one before, those that are the same left out."""
    for row, before in zip(newest_first, [*newest_first[1:], None], strict=True):
        found = told(list(before.parts.all()) if before else [], list(row.parts.all()))
        row.changes = [change for change in found if change.kind != "same"]  # type: ignore[attr-defined]
    return newest_first


@dataclass(frozen=True)
class Effect:
    """What publishing a draft would do to the stances of the version before it."""

    homes: int  # whose part differs
    again: int  # of these, how many have spoken
    carried: int


def effect(project: Project, draft: PlanVersion, at: datetime) -> Effect | None:
    """None where no version was published before."""
    old = works.current_plan(project)
    if old is None or old.pk == draft.pk:
        return None
    before, after = list(old.parts.all()), list(draft.parts.all())
    found = works.standing(old, at)
    rows = {home.pk: home for home in works.homes_of(project)}
    touched = {pk for pk, home in rows.items() if plans.affected(before, after, home)}
    spoke = {home.id for home in found.homes if home.step or home.ask_again}
    return Effect(len(touched), len(touched & spoke), len(spoke - touched))


def lines_of(project: Project) -> list[tuple[str, str]]:
    """The vertical lines of a project as choices: `building id:line`."""
    known = gazetteer()
    pairs = works.homes_of(project).exclude(line="").values_list("building_id", "line").distinct()
    found = []
    for building, line in sorted(pairs):
        place = known.get(building)
        found.append((f"{building}:{line}", f"{place.name if place else ''} {line}"))
    return found
