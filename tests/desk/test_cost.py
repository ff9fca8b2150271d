"""What a move costs over HTTP: session, member, grants, the form's key and the act, all told."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

import stories
from cast import client_of
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.ids import token
from helpers import count

pytestmark = pytest.mark.django_db
MOST = 14
# A new beginning also ends what was asked of the reporters: two statements of followup, and a part of the unit's.
MORE = {Move.REWORK: 15, Move.REOPEN: 16}


def steps(cast: Any) -> list[tuple[str, Move, dict[str, Any]]]:
    greening, drainage = cast.units["greening"].pk, cast.units["drainage"].pk
    later = (timezone.localtime() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    told = {"category_code": "0103", "place": "金桂苑1幢", "urgency": "normal", "handling": "direct", "title": "井"}
    return [
        ("li", Move.TRIAGE, told),
        ("li", Move.DISPATCH, {"lead_id": drainage}),
        ("lin", Move.ACCEPT, {}),
        ("lin", Move.CONTACT, {"words": "电话说好周三来"}),
        ("lin", Move.EXTEND, {"reason": "要开挖", "new_due_at": later}),
        ("li", Move.REMIND, {"words": "请抓紧"}),
        ("li", Move.SUPERVISE, {"words": "督办"}),
        ("lin", Move.WHISTLE, {"words": "会商", "meeting_at": later, "place": "三楼"}),
        ("lin", Move.SUSPEND, {"reason": "等配件", "until": later}),
        ("lin", Move.RESUME, {}),
        ("lin", Move.RETURN, {"reason": "not_our_duty", "words": "树根", "proposed_id": greening}),
        ("li", Move.REFUSE_RETURN, {"words": "是管道"}),
        ("li", Move.REASSIGN, {"lead_id": greening, "reason": "树根"}),
        ("li", Move.REASSIGN, {"lead_id": drainage, "reason": "管道"}),
        ("lin", Move.ACCEPT, {}),
        ("lin", Move.ANSWER, {"told": "好了。", "done": "疏通", "result": "resolved"}),
        ("li", Move.REWORK, {"words": "照片不清"}),
        ("lin", Move.ANSWER, {"told": "好了，附照片。", "done": "疏通", "result": "resolved"}),
        ("zhao", Move.EXPLAIN, {"words": "说明如下"}),
        ("zhao", Move.REOPEN, {"words": "又冒水了"}),
    ]  # fmt: skip


def send(client: Any, case: Case, move: Move, data: dict[str, Any]) -> Any:
    case.refresh_from_db()
    page = ("desk:answer", [case.number]) if move == Move.ANSWER else ("desk:move", [case.number, move])
    url = reverse(page[0], args=page[1])
    form = {"idempotency_key": token(), "version": case.version} | data
    if move == Move.ANSWER:
        seen = client.post(url, form).content.decode()
        form["seen"] = seen.split('name="seen" value="')[1].split('"')[0]
    found: list[Any] = []
    cost = count(lambda: found.append(client.post(url, form)))
    assert found[0].status_code == 303, (move, found[0].status_code, found[0].content.decode()[-3000:])
    return cost


def test_every_move_stays_within_its_budget(cast: Any) -> None:
    case = stories.filed(cast).case
    clients = {name: client_of(getattr(cast, name)) for name in ("li", "lin", "zhao")}
    for client in clients.values():
        client.get(reverse("desk:my-desk"))  # what is kept in memory is warm now
    costs = [(move, send(clients[who], case, move, data)) for who, move, data in steps(cast)]
    assert [(str(move), cost) for move, cost in costs if cost > MORE.get(move, MOST)] == []
