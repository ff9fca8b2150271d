"""The order of the line: what is printed on the wall, and that nobody starves."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cast import SHANGHAI
from chenyue.reception.queue import order, rules
from chenyue.reception.queue.order import Standing

RULES = rules.QueueRules()
SEVEN = datetime(2026, 11, 24, 7, 0, tzinfo=SHANGHAI)
PRIORITIES = ["", "", "elderly", "disabled", "pregnant", "urgent"]


def at(minutes):
    return SEVEN + timedelta(minutes=minutes)


def numbers(*line):
    return [s.number for s in order.in_order(line, RULES)]


def test_walk_ins_stand_as_they_came():
    assert numbers(Standing(2, at(3)), Standing(1, at(1)), Standing(3, at(3))) == [1, 2, 3]


def test_a_booked_time_stands_among_the_arrivals():
    assert numbers(Standing(1, at(14)), Standing(2, at(30), booked=True), Standing(3, at(21))) == [1, 2, 3]


def test_an_elderly_visitor_passes_those_who_came_up_to_ten_minutes_before():
    assert numbers(Standing(1, at(0)), Standing(2, at(5)), Standing(3, at(12), "elderly")) == [1, 3, 2]
    assert order.reason(Standing(3, at(12), "elderly"), RULES) == "elderly"


def test_who_was_not_heard_last_time_is_first_however_late():
    assert numbers(Standing(1, at(0), "urgent"), Standing(9, at(0), "unheard"), Standing(8, at(0), "unheard")) == [
        8,
        9,
        1,
    ]


def test_the_longer_of_two_head_starts_counts_not_their_sum():
    both = Standing(1, at(30), "elderly", booked=True)
    assert order.head_start(both, RULES) == timedelta(minutes=10)
    assert order.reason(Standing(1, at(30), "", booked=True), RULES) == "booked"


def test_back_after_a_missed_call_is_behind_the_next_two():
    line = [Standing(2, at(4)), Standing(3, at(5), "elderly"), Standing(4, at(6))]
    late = Standing(1, at(0))
    back = Standing(1, order.come_back(late, line, RULES))
    assert numbers(*line, back) == [3, 2, 1, 4]
    assert order.come_back(late, [], RULES) == late.line_at


visitors = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(PRIORITIES), st.booleans()), max_size=40)


@settings(max_examples=150, deadline=None)
@given(visitors)
def test_nobody_is_passed_by_who_came_later_than_the_longest_head_start(line):
    standings = [Standing(n, at(m), p, b) for n, (m, p, b) in enumerate(line)]
    sorted_ = order.in_order(standings, RULES)
    longest = timedelta(minutes=RULES.longest_head_start)
    for n, first in enumerate(sorted_):
        for later in sorted_[n + 1 :]:
            assert first.line_at - later.line_at <= longest


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30))
def test_a_stream_of_priority_never_starves_a_walk_in(gap):
    """Every `gap` minutes someone urgent comes and one visitor is heard: the walk-in's turn comes all the same."""
    waiting, heard = [Standing(0, at(0))], []
    for step in range(1, 200):
        waiting.append(Standing(step, at(step * gap), "urgent"))
        waiting = order.in_order(waiting, RULES)
        heard.append(waiting.pop(0).number)
        if 0 in heard:
            break
    assert 0 in heard and len(heard) <= RULES.longest_head_start // gap + 2


@settings(max_examples=80, deadline=None)
@given(visitors, st.tuples(st.integers(0, 90), st.sampled_from(PRIORITIES), st.booleans()))
def test_back_in_line_never_gains(line, who):
    standings = [Standing(n + 1, at(m), p, b) for n, (m, p, b) in enumerate(line)]
    held = Standing(0, at(who[0]), who[1], who[2])
    back = Standing(0, order.come_back(held, standings, RULES), held.priority, held.booked)
    place = order.in_order([*standings, back], RULES).index(back)
    old = order.in_order([*standings, held], RULES).index(held)
    assert place >= min(old, place) and place >= min(RULES.behind, len(standings), max(old, RULES.behind))


def test_an_office_changes_the_numbers_and_nonsense_is_passed_over():
    found = rules.read({"late": 5, "head_start": {"elderly": 0}, "slot": "x", "no": 1})
    assert (found.late, found.slot, found.head_start["elderly"], found.head_start["urgent"]) == (5, 15, 0, 20)
