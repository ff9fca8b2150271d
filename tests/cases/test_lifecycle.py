"""One test per edge of the table: what each move does from each state, and that nothing else is possible."""

import pytest

from chenyue.cases.lifecycle import MOVE_WORDS, TABLE, Move, State, allowed, moves_from
from chenyue.cases.models import Case
from chenyue.core.errors import Conflict, NotAllowed, NotFound


def details(story, move: Move) -> dict:
    units = story.cast.units
    return {
        Move.TRIAGE: {"urgency": "urgent"},
        Move.DISPATCH: {"lead_id": units["drainage"].pk},
        Move.RETURN: {"reason": "not_our_duty", "words": "不是市政管道"},
        Move.UPHOLD_RETURN: {"lead_id": units["greening"].pk},
        Move.REFUSE_RETURN: {"words": "是市政管道"},
        Move.REASSIGN: {"lead_id": units["greening"].pk, "reason": "改由绿化办理"},
        Move.CONTACT: {"words": "电话联系过"},
        Move.SETTLE: {"told": "当场办好了。"},
        Move.SUSPEND: {"reason": "等配件", "until": story.at(days=3)},
        Move.EXTEND: {"reason": "要开挖", "new_due_at": story.at(days=30)},
        Move.REMIND: {"words": "请抓紧"},
        Move.SUPERVISE: {"words": "督办"},
        Move.WHISTLE: {
            "words": "到现场会商",
            "meeting_at": story.at(days=1),
            "place": "三楼会议室",
            "unit_ids": [units["greening"].pk],
        },
        Move.ANSWER: {"told": "已疏通。"},
        Move.REWORK: {"words": "照片不清"},
        Move.EXPLAIN: {"words": "情况说明"},
        Move.REOPEN: {"words": "又冒水了"},
        Move.DECLINE: {"reason": "诉讼中", "told": "请走诉讼途径。"},
        Move.JOIN: {"into": story.file()},
    }.get(move, {})


def stands(story, state: State, move: Move) -> Case:
    """A case in this state in which the move makes sense."""
    if move in (Move.UPHOLD_RETURN, Move.REFUSE_RETURN) and state in TABLE[move].sources:
        case = story.in_state(State.HANDLING if state == State.WAITING else state)
        case = story.go(case, Move.RETURN, "lin", 1.2, reason="not_our_duty", words="不是市政管道")
        if state == State.WAITING:
            case = story.go(case, Move.SUSPEND, "lin", 1.3, reason="等配件", until=story.at(days=3))
        return case
    if move == Move.SPLIT and state not in (State.JOINED,) and allowed(state, move):
        case = story.file()
        story.file(words="我也看到那口井冒黑水", join_number=case.number)
        case.refresh_from_db()
        if state == State.RECEIVED:
            return case
        case = story.dispatch(case)
        if state == State.ASSIGNED:
            return case
        case = story.go(case, Move.ACCEPT, "lin", 0.7)
        if state == State.WAITING:
            return story.go(case, Move.SUSPEND, "lin", 1, reason="等配件", until=story.at(days=2))
        return case if state == State.HANDLING else story.go(case, Move.ANSWER, "lin", 2, told="好了")
    if move == Move.CLOSE and state == State.ANSWERED:
        from chenyue.followup.models import Callback

        case = story.in_state(state)
        Callback.objects.filter(case=case).update(state=Callback.State.TRIED)
        return case
    return story.in_state(state)


# Taking an appeal back is its reporter's alone: see test_withdrawing.
EDGES = [(state, move) for move, edge in TABLE.items() for state in edge.sources if move != Move.WITHDRAW]


@pytest.mark.parametrize(("state", "move"), EDGES, ids=str)
def test_edge_leads_where_the_table_says(story, state, move):
    case = stands(story, state, move)
    more = details(story, move)
    if move == Move.SPLIT and state != State.JOINED:
        more = {"appeal_ids": [case.appeals.last().pk]}
    before = case.version
    case = story.go(case, move, "zhao", 5, **more)
    target = TABLE[move].target
    if move == Move.SPLIT and state == State.JOINED:
        target = State.RECEIVED
    assert case.state == (target or state)
    assert case.version == before + 1
    assert Case.objects.get(pk=case.pk).state == case.state


@pytest.mark.parametrize("state", list(State), ids=str)
def test_everything_else_is_refused_with_a_sentence(story, state):
    case = story.in_state(state)
    for move in [move for move in TABLE if not allowed(state, move)]:
        with pytest.raises(Conflict) as refused:
            story.go(case, move, "zhao", 5, **details(story, move))
        assert str(MOVE_WORDS[move]) in str(refused.value.sentence)
    assert Case.objects.get(pk=case.pk).state == state
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("state", list(State), ids=str)
def test_a_stranger_hears_that_there_is_none(story, state):
    case = story.in_state(state)
    for move in moves_from(state):
        for name in ("zhou", "sun", "admin"):
            with pytest.raises(NotFound):
                story.go(case, move, name, 5, **details(story, move))


def test_who_may_see_but_not_do_hears_that(story):
    case = story.dispatch(story.file())
    with pytest.raises(NotAllowed):
        story.go(case, Move.ACCEPT, "li", 1)
    with pytest.raises(NotAllowed):
        story.go(case, Move.REASSIGN, "lin", 1, lead_id=story.cast.units["greening"].pk, reason="不归我们")
