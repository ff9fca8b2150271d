"""Where moves meet: requests for more time that nobody decided, and handing on what is on hold."""

from chenyue.cases import queries
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Extension, Pause
from chenyue.timeline.models import Entry


def asked(story):
    return story.go(story.handling(), Move.EXTEND, "lin", 1, reason="要开挖", new_due_at=story.at(days=30))


def test_an_answer_ends_the_request_for_more_time(story, cast):
    case = asked(story)
    assert queries.desk_counts(cast.zhao, story.at(1))["extensions"] == 1
    case = story.go(case, Move.ANSWER, "lin", 2, told="已疏通。")
    row = Extension.objects.get(case=case)
    assert (row.state, row.decided_at, row.decided_by) == (Extension.State.LAPSED, story.at(2), None)
    assert queries.desk_counts(cast.zhao, story.at(2))["extensions"] == 0
    case = story.go(case, Move.REOPEN, "zhao", 3, words="又冒水了")
    case = story.go(case, Move.ACCEPT, "lin", 4)
    story.go(case, Move.EXTEND, "lin", 5, reason="还要开挖", new_due_at=story.at(days=40))
    assert queries.desk_counts(cast.zhao, story.at(5))["extensions"] == 1


def test_joining_and_declining_end_it_too(story):
    case = asked(story)
    story.go(case, Move.JOIN, "zhao", 2, into=story.file())
    assert Extension.objects.get(case=case).state == Extension.State.LAPSED


def test_a_request_of_a_former_round_does_not_count(story, cast):
    case = asked(story)
    type(case).objects.filter(pk=case.pk).update(round=2)
    assert queries.desk_counts(cast.zhao, story.at(1))["extensions"] == 0


def test_handing_on_what_is_on_hold_ends_the_hold(story, cast):
    case = story.in_state(State.WAITING)
    case = story.go(case, Move.REASSIGN, "li", 5, lead_id=cast.units["greening"].pk, reason="树根堵的")
    assert (case.state, case.waiting_until, case.waiting_reason) == (State.ASSIGNED, None, "")
    assert Pause.objects.get(case=case).ended_at == story.at(5)
    verbs = list(Entry.objects.filter(subject=case.subject).order_by("pk").values_list("verb", flat=True))
    assert verbs.index("case.resumed") < verbs.index("case.reassigned")


def test_upholding_a_return_ends_the_hold_too(story, cast):
    case = story.handling()
    case = story.go(case, Move.RETURN, "lin", 1, reason="not_our_duty", words="树根")
    case = story.go(case, Move.SUSPEND, "lin", 2, reason="等配件", until=story.at(days=3))
    case = story.go(case, Move.UPHOLD_RETURN, "li", 3, lead_id=cast.units["greening"].pk)
    assert (case.state, case.waiting_until) == (State.ASSIGNED, None)
    assert not Pause.objects.filter(case=case, ended_at=None).exists()
