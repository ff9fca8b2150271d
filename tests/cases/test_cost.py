"""How many statements the hot acts send; savepoints of the test's own transaction aren't counted."""

import stories
from chenyue.cases.actions import ReporterData, file_appeal, move
from chenyue.cases.lifecycle import Move
from helpers import count


def told(cast, words="菜场门口马路上的井一直冒黑水，走路都要绕开。", **more):
    return file_appeal(words=words, channel="web", by=cast.li.actor(), at=cast.now, **more)


def test_filing_stays_small(cast, chen):
    told(cast, reporter=ReporterData("王二", "13700000001", "w@example.org"))  # what is kept in memory is warm now
    assert count(lambda: told(cast)) == 7
    assert count(lambda: told(cast, reporter=chen)) == 10  # a resident not known yet, with a receipt by e-mail
    assert count(lambda: told(cast, reporter=chen)) == 9
    assert count(lambda: told(cast, urgency="emergency")) == 9


def test_moves_stay_small(story, cast, chen):
    stories.answered(cast)  # what is kept in memory is warm now
    case = told(cast, reporter=chen, category_code="0103").case
    counts = {}

    def go(name, by, **details):
        nonlocal case
        member = type(cast.li).objects.select_related("unit").get(pk=getattr(cast, by).pk)

        def act():
            nonlocal case
            case = move(case=case, move=name, by=member.actor(), at=story.at(1), **details)

        counts[name] = count(act)

    go(Move.DISPATCH, "li", lead_id=cast.units["drainage"].pk)
    go(Move.ACCEPT, "lin")
    go(Move.SUSPEND, "lin", reason="等配件", until=story.at(days=2))
    go(Move.RESUME, "lin")
    go(Move.ANSWER, "lin", told="好了", done="疏通")
    go(Move.REWORK, "li", words="照片不清")
    assert max(counts.values()) <= 13, counts
    assert (counts[Move.DISPATCH], counts[Move.ACCEPT], counts[Move.ANSWER]) == (10, 7, 12), counts


def test_one_voice_or_three_cost_the_same(story, cast, chen):
    def answer(voices):
        case = told(cast, reporter=chen, category_code="0103").case
        for number in range(voices - 1):
            neighbour = ReporterData("邻居", f"1390000000{number}", f"n{number}@example.org")
            told(cast, join_number=case.number, reporter=neighbour)
        case = story.go(story.dispatch(case), Move.ACCEPT, "lin", 0.7)
        return count(lambda: story.go(case, Move.ANSWER, "lin", told="好了"))

    assert answer(1) == answer(3)
