"""Who wrote by WeCom hears by WeCom: the answer, or that it isn't ours. Connected in wiring."""

from collections.abc import Iterable

from chenyue.cases import events
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Channel
from chenyue.cases.texts import rate
from chenyue.gateway.models_wecom import WecomTalk
from chenyue.gateway.wecom import telling
from chenyue.notify.actions import send_many


def _talks(appeals: Iterable[int]) -> list[WecomTalk]:
    rows = WecomTalk.objects.filter(appeal_id__in=list(appeals), appeal__channel=Channel.WECOM)
    return list(rows.select_related("guest__link", "appeal").order_by("pk"))


def on_answered(event: events.CaseAnswered) -> None:
    """The words that residents are told, and where they say whether it is solved. One statement where nobody did."""
    written = [appeal.pk for appeal in event.appeals if appeal.channel == Channel.WECOM]
    if not written:
        return
    letters = [
        telling.letter_to(
            talk.guest, "wecom-answered", f"answered:{talk.pk}:{event.case.version}", number=talk.appeal.number,
            told=event.answer.told, rate=rate(event.links.get(talk.appeal.pk, "")),
        )
        for talk in _talks(written) if talk.appeal is not None
    ]  # fmt: skip
    if letters:
        send_many(letters, about=event.case.subject, at=event.at)


def on_moved(event: events.CaseMoved) -> None:
    """Declined, with the road that leads on; or a refused answer explained."""
    if event.move not in (Move.DECLINE, Move.EXPLAIN):
        return
    written = Appeal.objects.filter(case=event.case, channel=Channel.WECOM).values_list("pk", flat=True)
    letters = [
        telling.letter_to(
            talk.guest, "wecom-declined", f"{event.move}:{talk.pk}:{event.case.version}", number=talk.appeal.number,
            told=str(event.data.get("told") or ""), road=str(event.data.get("road") or ""),
        )
        for talk in _talks(written) if talk.appeal is not None
    ]  # fmt: skip
    if letters:
        send_many(letters, about=event.case.subject, at=event.at)
