"""The main road through the one door."""

from chenyue.cases.lifecycle import Move, State


def test_told_dispatched_accepted_answered(story):
    case = story.file()
    assert case.state == State.RECEIVED
    case = story.dispatch(case)
    assert (case.state, case.lead.code) == (State.ASSIGNED, "drainage")
    case = story.go(case, Move.ACCEPT, "lin")
    assert case.state == State.HANDLING
    assert case.accepted_at
    case = story.go(case, Move.CONTACT, "lin", words="已电话联系，下午到场。")
    case = story.go(case, Move.ANSWER, "lin", 3, told="井已疏通。", done="派车疏通")
    assert case.state == State.ANSWERED
    assert case.result == "resolved"
