"""What an answer will look like to those who read it, before it is sent: rendered as it will be sent."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.cases import texts
from chenyue.cases.models import AnswerTemplate, Appeal, Case, Result
from chenyue.cases.moves.base import unit_name
from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.notify import channels, routes
from chenyue.notify import texts as notify_texts
from chenyue.people import masking

RATING_PAGE = "/r/…"  # each reporter gets a page of their own; it is made when the answer is sent
_BY_HAND = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True)
class Shown:
    """One reader: who (masked), by which road, and the text exactly as it is sent."""

    who: str
    channel: str | Promise
    subject: str
    text: str


def answer_preview(case: Case, told: str, *, unit_id: int | None = None) -> list[Shown]:
    """Every reporter of the case and what they will read: by the first way of the order, else on their progress page.

    Raises Refusal at `told` while a blank of a standard text is still unfilled. One statement.
    """
    unfilled = _BY_HAND.findall(told)
    if unfilled:
        raise Refusal(_("Fill in first: %(blanks)s") % {"blanks": "、".join(unfilled)}, field="told", code="blanks")
    unit = unit_name(unit_id or case.lead_id)
    found = []
    for appeal in Appeal.objects.filter(case=case).select_related("reporter").order_by("pk"):
        reporter = appeal.reporter
        who = masking.mask_name(reporter.name) if reporter else appeal.nickname
        message = None
        for reader in texts.readers_of([appeal]):
            link = texts.rate(RATING_PAGE)
            (letter,) = texts.letters("case-answered", case, [reader], unit=unit, told=told, rate=link)
            message = routes.message("case-answered", reader.person, letter.context)
        if message is None:
            found.append(Shown(who or appeal.number, _("Progress page"), "", told))
        elif message.channel == "email":
            found.append(Shown(who or appeal.number, _("E-mail and progress page"), message.title, message.body))
        else:
            road = _("%(channel)s and progress page") % {"channel": channels.get(message.channel).name}
            found.append(Shown(who or appeal.number, road, message.title, message.body))
    return found


def templates_for(case: Case, result: str = "") -> list[AnswerTemplate]:
    """Standard texts that fit the case's category and the result, the most particular first. One statement."""
    rows = AnswerTemplate.objects.filter(active=True, category_id__in=[case.category_id]) | (
        AnswerTemplate.objects.filter(active=True, category=None)
    )
    wanted = [row for row in rows if not result or row.result in ("", result)]
    return sorted(wanted, key=lambda row: (row.category_id is None, row.result == "", row.name))


def fill_template(template: AnswerTemplate, case: Case) -> str:
    """A standard text with its `{blanks}` filled; `{{…}}` are left to be filled in by hand."""
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x00"

    body = _BY_HAND.sub(aside, template.body)
    filled = notify_texts.render(body, blanks(case))
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], filled)


def blanks(case: Case) -> dict[str, str]:
    """What `{name}` in a standard text may stand for. Never a reporter's data: every reporter reads it."""
    place = case.place
    return {
        "number": case.number,
        "title": case.title,
        "place": f"{place.full_name}" if place else "",
        "category": case.category.name if case.category else "",
        "unit": unit_name(case.lead_id),
        "office": str(office.get("short_name")),
        "result": str(Result(case.result).label) if case.result else "",
    }
