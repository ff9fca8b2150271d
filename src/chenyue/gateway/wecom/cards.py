"""Cards for members: what a matter is, without anybody's words, and buttons that act as its page would.

A press counts once. It goes through the same door as the page, under the member's own permissions; then the card
says what came of it and offers what can be done now. "Finished" asks for the answer to residents, shows it as they
will read it, and sends it when it is confirmed.
"""

import logging
import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases import actions, rules
from chenyue.cases.lifecycle import STATE_WORDS, Move, State
from chenyue.cases.models import Case, Return, ReturnReason
from chenyue.cases.moves.base import Act
from chenyue.core import ids, office, site
from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.models_wecom import WecomCard, WecomInbound, WecomLink
from chenyue.gateway.wecom import api, known
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify.channels import Outgoing
from chenyue.people import outside
from chenyue.people.models import Member, Sensitivity
from chenyue.places.queries import gazetteer

ANSWER_WITHIN = timedelta(minutes=30)
KEPT = timedelta(days=60)
REASON = "reason"
ACCEPT, RETURN, DONE = "accept", "return", "done"
Outcome = WecomInbound.Outcome
log = logging.getLogger(__name__)
_CASE = re.compile(r"/desk/cases/([\w-]{1,40})/")


def for_member(link: WecomLink, member_id: int, out: Outgoing, at: datetime) -> dict[str, Any]:
    """The message for a line on a member's desk: a card of the case that it is about, else its words, masked."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    path = str(out.blanks.get("url") or "")
    named = _CASE.search(path)
    case = Case.objects.filter(number=named[1]).first() if named else None
    if member is None or case is None or not _seen(member, case, at):
        words = outside.masked(out.body.partition("（")[0] if named else out.body)
        return {"msgtype": "text", "text": {"content": f"{words}\n{_link(path)}".strip()[:600]}}
    return _message(payload(link, case, member, out.body.partition("（")[0], at))


def _message(card: dict[str, Any]) -> dict[str, Any]:
    return {"msgtype": "template_card", "template_card": card}


def _link(path: str) -> str:
    return site.base() + path if path and site.base() else ""


def _act(case: Case, member: Member, at: datetime) -> Act:
    return Act(case, Move.ACCEPT, member.actor(), at)


def _seen(member: Member, case: Case, at: datetime) -> bool:
    return rules.may_see(member, case, _act(case, member, at).assignments)


def moves(case: Case, member: Member, at: datetime) -> list[Move]:
    """What this member may do with the case now."""
    act = _act(case, member, at)
    if not rules.may_see(member, case, act.assignments):
        return []
    final = Return.objects.filter(case=case, assignment__round=case.round, state=Return.State.REFUSED)
    before = final.values_list("assignment__unit_id", flat=True)
    return rules.moves_for(member, case, act.assignments, open_return=act.open_return, returned_before=list(before))


def payload(link: WecomLink, case: Case, member: Member, note: str, at: datetime) -> dict[str, Any]:
    """The card as it is now: with buttons if there is anything to press, else a plain one."""
    may = moves(case, member, at)
    path = f"/desk/cases/{case.number}/"
    url = _link(path)
    card: dict[str, Any] = {
        "source": {"desc": office.get("short_name")[:13]},
        "main_title": {"title": case.number, "desc": _what(case)[:44]},
        "sub_title_text": note[:112],
        "horizontal_content_list": _facts(case),
    }
    if url:
        card["card_action"] = {"type": 1, "url": url}
    buttons = _buttons(may)
    if not buttons:
        # A plain card must lead somewhere; without an address of ours it leads to nothing but itself.
        return card | {"card_type": "text_notice", "card_action": card.get("card_action") or {"type": 0}}
    task = f"cy-{ids.token()}"
    WecomCard.objects.create(task=task, link=link, member=member, case=case, round=case.round, sent_at=at)
    card |= {"card_type": "button_interaction", "task_id": task, "button_list": buttons}
    if Move.RETURN in may:
        reasons = [{"id": value, "text": str(label)} for value, label in ReturnReason.choices]
        card["button_selection"] = {"question_key": REASON, "title": _("Reason to return"), "option_list": reasons}
    return card


def _what(case: Case) -> str:
    """What and where, as far as a card may say: of what is kept closely nothing."""
    if case.sensitivity != Sensitivity.NORMAL:
        return _("Kept closely: look at the page")
    place = gazetteer().get(case.building_id or case.estate_id or case.community_id)
    parts = (case.category.name if case.category else "", place.full_name if place else "")
    return " · ".join(part for part in parts if part)


def _facts(case: Case) -> list[dict[str, str]]:
    found = [{"keyname": _("State"), "value": str(STATE_WORDS[State(case.state)])}]
    if case.resolve_due_at:
        found.append({"keyname": _("Due"), "value": f"{timezone.localtime(case.resolve_due_at):%m-%d %H:%M}"})
    return found


def _buttons(may: list[Move]) -> list[dict[str, Any]]:
    found = []
    if Move.ACCEPT in may:
        found.append({"text": _("Accept the job"), "style": 1, "key": ACCEPT})
    if Move.ACCEPT in may or Move.ANSWER in may:
        found.append({"text": _("It is finished"), "style": 1 if not found else 4, "key": DONE})
    if Move.RETURN in may:
        found.append({"text": _("Return it"), "style": 3, "key": RETURN})
    return found


def pressed(link: WecomLink, heard: Heard, at: datetime) -> tuple[str, str]:
    """Somebody pressed a button: act once, in their name, then let the card say what came of it."""
    data = heard.data
    rows = WecomCard.objects.filter(link=link, task=str(data.get("TaskId") or "")[:64])
    card = rows.select_related("member", "case__category").first()
    member = known.member_of(link.corp_id, heard.sender)
    if card is None or member is None or member.pk != card.member_id:
        return Outcome.REFUSED, _("This card isn't theirs.")
    key = str(data.get("EventKey") or "")[:10]
    option = str(data.get("SelectedItems.SelectedItem.OptionIds.OptionId") or "")
    with transaction.atomic():
        if not WecomCard.objects.filter(pk=card.pk, pressed_at=None).update(pressed_at=at, pressed=key):
            return Outcome.PASSED, _("It was pressed before.")
        note = _pressed(card, member, key, option, at)
    _update(link, card, heard.sender, member, note, str(data.get("ResponseCode") or ""), at)
    return Outcome.ACTED, ""


def _pressed(card: WecomCard, member: Member, key: str, option: str, at: datetime) -> str:
    """What came of it, as the card says it. A refusal leaves everything as it was."""
    try:
        with transaction.atomic():
            if card.round != card.case.round:
                raise Refusal(_("This card is of an earlier round."))
            if key == ACCEPT:
                actions.move(case=card.case, move=Move.ACCEPT, by=member.actor(), at=at)
                return _("Accepted.")
            if key == RETURN:
                return _returned(card, member, option, at)
            if key == DONE:
                return _asks(card, member, at)
    except NotFound:
        return _("You may not do this.")
    except Refusal as refusal:
        return _("Not done: %(why)s") % {"why": refusal.sentence}
    return _("Not done: %(why)s") % {"why": key}


def _returned(card: WecomCard, member: Member, option: str, at: datetime) -> str:
    if option not in ReturnReason.values:
        raise Refusal(_("Choose a reason to return it, then press again."))
    words = _("Returned by a card in WeCom: %(reason)s") % {"reason": ReturnReason(option).label}
    actions.move(case=card.case, move=Move.RETURN, by=member.actor(), at=at, reason=option, words=words)
    return _("Returned. A dispatcher reviews it.")


def _asks(card: WecomCard, member: Member, at: datetime) -> str:
    may = moves(card.case, member, at)
    if Move.ANSWER not in may and Move.ACCEPT not in may:
        raise Refusal(_("This isn't possible now."))
    WecomCard.objects.filter(member=member, asked_until__gt=at).update(asked_until=None, words="")
    WecomCard.objects.filter(pk=card.pk).update(asked_until=at + ANSWER_WITHIN, words="")
    return _("Now write here what was done: residents will read it word for word. You see it before it is sent.")


def _update(link: WecomLink, card: WecomCard, userid: str, member: Member, note: str, code: str, at: datetime) -> None:
    """Show what came of it. What was done stays done if WeCom can't be reached."""
    if not code:
        return
    case = Case.objects.select_related("category").get(pk=card.case_id)
    body: dict[str, Any] = {"userids": [userid], "agentid": api.agent(link), "response_code": code}
    body["template_card"] = payload(link, case, member, note, at)
    try:
        api.call(link, "/cgi-bin/message/update_template_card", body, at=at)
    except api.Trouble as trouble:
        log.warning("wecom card %s wasn't updated: %s", card.pk, trouble.code)


def question(member: Member, at: datetime) -> WecomCard | None:
    """The card that waits for this member's words to residents."""
    rows = WecomCard.objects.filter(member=member, asked_until__gt=at).select_related("case")
    return rows.order_by("-asked_until").first()


YES, NO = {"发送", "确认", "1", "send"}, {"取消", "放弃", "0", "cancel"}


def answered(card: WecomCard, member: Member, words: str, at: datetime) -> str:
    """The member's words for a card that asked: kept and shown, sent, or dropped. What they are told."""
    rows, said = WecomCard.objects.filter(pk=card.pk), words.strip()
    if said.lower() in NO:
        rows.update(asked_until=None, words="")
        return _("Dropped. Nothing was sent.")
    if said.lower() in YES and card.words:
        return _finish(card, member, at)
    if len(said) < 4:
        return _("Write in a sentence what was done; or write 取消 to leave it.")
    rows.update(words=said[:2000], asked_until=at + ANSWER_WITHIN)
    told = {"number": card.case.number, "words": said[:2000]}
    return (
        _("Residents of %(number)s will read:\n\n%(words)s\n\nWrite 发送 to send it, 取消 to drop it, or new words.")
        % told
    )


def _finish(card: WecomCard, member: Member, at: datetime) -> str:
    try:
        with transaction.atomic():
            if not WecomCard.objects.filter(pk=card.pk, asked_until__gt=at).update(asked_until=None, words=""):
                return _("It was sent before.")
            case = Case.objects.get(pk=card.case_id)
            if case.state == State.ASSIGNED:
                case = actions.move(case=case, move=Move.ACCEPT, by=member.actor(), at=at)
            actions.move(case=case, move=Move.ANSWER, by=member.actor(), at=at, told=card.words)
    except Refusal as refusal:
        return _("Not done: %(why)s") % {"why": refusal.sentence}
    return _("Sent. %(number)s is answered; each reporter is asked whether it is solved.") % {
        "number": card.case.number
    }
