"""The offer ladder: gaps, the three words, and limits that overlap or don't."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cast import NOW
from chenyue.mediation.ladder import Named, Verdict, room, steps, verdict


def named(party: int, amount: int, minute: int, *, limit: bool = False, until: int | None = None) -> Named:
    """Odd parties ask, even ones give."""
    end = None if until is None else NOW + timedelta(minutes=until)
    return Named(party, party % 2 == 1, Decimal(amount), NOW + timedelta(minutes=minute), end, limit)


def said(*figures: Named, since: int | None = None) -> Verdict | None:
    return verdict(steps(figures), None if since is None else NOW + timedelta(minutes=since))


def test_nothing_can_be_said_while_one_side_is_silent() -> None:
    assert said() is None
    assert said(named(1, 50_000, 0)) is None
    assert said(named(1, 50_000, 0), named(3, 9_000, 1)) is None  # both ask


def test_one_gap_alone_is_neither_closing_nor_not() -> None:
    assert said(named(1, 50_000, 0), named(2, 20_000, 1)) is None


def test_it_closes_when_the_gap_gets_smaller() -> None:
    assert said(named(1, 50_000, 0), named(2, 20_000, 1), named(1, 45_000, 2)) == Verdict.CLOSING
    assert said(named(1, 50_000, 0), named(2, 20_000, 1), named(2, 15_000, 2)) == Verdict.NOT_CLOSING
    assert said(named(1, 50_000, 0), named(2, 20_000, 1), named(2, 20_000, 2)) == Verdict.NOT_CLOSING


def test_they_have_met_when_what_is_given_reaches_what_is_asked() -> None:
    assert said(named(1, 30_000, 0), named(2, 30_000, 1)) == Verdict.MET
    assert said(named(1, 30_000, 0), named(2, 31_000, 1)) == Verdict.MET


def test_several_on_a_side_count_together() -> None:
    four = [named(1, 10_000, 0), named(3, 10_000, 1), named(2, 8_000, 2), named(4, 8_000, 3)]
    assert steps(four)[-1].gap == Decimal(4_000)
    assert said(*four) == Verdict.CLOSING  # from 12,000, when only one gave


def test_what_was_said_last_is_what_is_compared_with() -> None:
    figures = [named(1, 50_000, 0), named(2, 20_000, 1), named(2, 30_000, 2)]
    assert said(*figures, since=3) is None  # nothing new
    assert said(*figures, named(1, 55_000, 4), since=3) == Verdict.NOT_CLOSING  # smaller than at first, but not since
    assert said(*figures, named(1, 49_000, 4), since=3) == Verdict.CLOSING


def test_a_figure_taken_back_stands_no_more() -> None:
    assert said(named(1, 50_000, 0), named(2, 20_000, 1, until=2)) is None
    back = [named(1, 50_000, 0), named(2, 20_000, 1), named(2, 30_000, 2, until=3)]
    assert steps(back)[-1].gap == Decimal(30_000)  # the figure before it stands again


def test_limits_tell_whether_an_agreement_is_possible() -> None:
    assert room([named(1, 30_000, 0, limit=True)]) is None
    found = room([named(1, 30_000, 0, limit=True), named(2, 34_000, 1, limit=True), named(2, 1, 2)])
    assert found is not None and found.overlaps and found.amount == 4_000
    apart = room([named(1, 30_000, 0, limit=True), named(2, 25_000, 1, limit=True)])
    assert apart is not None and not apart.overlaps and apart.amount == -5_000
    assert room([named(1, 30_000, 0, limit=True), named(2, 25_000, 1, limit=True, until=2)]) is None


FIGURES = st.lists(
    st.builds(
        named, st.integers(1, 4), st.integers(0, 10**12), st.integers(0, 60), limit=st.booleans(),
        until=st.none() | st.integers(61, 90),
    ),
    max_size=12,
)  # fmt: skip


@given(FIGURES)
def test_limits_never_move_what_is_said(figures: list[Named]) -> None:
    """The word said aloud is the same whatever limits were named in confidence."""
    plain = [figure for figure in figures if not figure.limit]
    assert said(*figures) == said(*plain)


@given(FIGURES, st.integers(1, 10**6))
def test_the_word_tells_no_amount(figures: list[Named], more: int) -> None:
    """Adding the same to everything asked and given by one on each side changes no word: only the gap counts."""
    asks = {figure.party for figure in figures if figure.asks and not figure.limit}
    gives = {figure.party for figure in figures if not figure.asks and not figure.limit}
    if len(asks) != 1 or len(gives) != 1:
        return
    moved = [Named(f.party, f.asks, f.amount + more, f.at, f.until, f.limit) for f in figures]
    assert said(*moved) == said(*figures)
