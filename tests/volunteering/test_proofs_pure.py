"""What needs no database: the rotating code, minutes, detectors, the draw."""

from datetime import datetime, timedelta

import pytest

from cast import SHANGHAI
from chenyue.core.errors import Refusal
from chenyue.volunteering import checking, detectors, flags, minutes, rotating, thresholds
from chenyue.volunteering.detectors import Shift, Typed

AT = datetime(2026, 11, 24, 9, 0, 10, tzinfo=SHANGHAI)
SECRET, NUMBER = "a" * 64, "V2026-0001"
LIMITS = thresholds.Thresholds(**thresholds.shipped())


def now(**more: float) -> datetime:
    return AT + timedelta(**more)


def code(at: datetime = AT, secret: str = SECRET, number: str = NUMBER) -> str:
    return rotating.code(secret, number, rotating.window_of(at))


@pytest.mark.parametrize(
    ("later", "late"),
    [
        ({"seconds": 0}, False),
        ({"seconds": 79}, False),  # its own half minute ends at 20, two more are grace
        ({"seconds": 80}, True),
        ({"seconds": -15}, False),  # a server that is some seconds behind
        ({"hours": 23}, True),
    ],
)
def test_a_code_counts_in_its_window_and_a_minute_more(later: dict[str, float], late: bool) -> None:
    found = rotating.read(SECRET, NUMBER, code(), now(**later), 24)
    assert found.late is late
    assert found.at <= max(AT, now(**later))


@pytest.mark.parametrize(
    ("given", "later", "why"),
    [
        (code(), {"hours": 25}, "old"),
        (code(now(minutes=5)), {}, "future"),
        (code(secret="b" * 64), {}, "forged"),
        (code(number="V2026-0002"), {}, "forged"),
        (code()[:-1] + "x", {}, "forged"),
        ("", {}, "forged"),
        ("-" * 40, {}, "forged"),
        ("zzzzzzzzzzzz-00000000000000000000", {}, "forged"),
        ("０-" + "0" * 20, {}, "forged"),
    ],
)
def test_other_codes_open_nothing(given: str, later: dict[str, float], why: str) -> None:
    with pytest.raises(Refusal) as refused:
        rotating.read(SECRET, NUMBER, given, now(**later), 24)
    assert refused.value.code == why


def test_an_altered_window_is_forged() -> None:
    """A photograph of the code can't be made young by another number in front."""
    head, _dash, rest = code().partition("-")
    with pytest.raises(Refusal, match=r".") as refused:
        rotating.read(SECRET, NUMBER, f"{rotating._base36(int(head, 36) + 40)}-{rest}", now(minutes=20), 24)
    assert refused.value.code == "forged"


def test_typed_digits_count_now_and_not_later() -> None:
    digits = rotating.typed_code(SECRET, NUMBER, rotating.window_of(AT))
    assert len(digits) == 6
    assert not rotating.read_typed(
        SECRET,
        NUMBER,
        f" {digits[:3]} {digits[3:]}",
        AT,
    ).late
    with pytest.raises(Refusal):
        rotating.read_typed(SECRET, NUMBER, digits, now(minutes=5))


PLAN = minutes.Plan(now(hours=1), now(hours=3), break_minutes=20)


@pytest.mark.parametrize(
    ("came", "left", "counted"),
    [
        ({"hours": 1}, {"hours": 3}, 100),
        ({"minutes": 20}, {"hours": 3}, 100),  # coming early isn't serving longer
        ({"hours": 2}, {"hours": 3}, 40),
        ({"hours": 1}, {"hours": 2, "seconds": 59}, 40),  # rounded down
        ({"hours": 1}, {"hours": 12}, 480),  # cut
    ],
)
def test_minutes_of_scans(came: dict[str, float], left: dict[str, float], counted: int) -> None:
    found = minutes.scanned(now(**came), now(**left), PLAN, LIMITS)
    assert found.minutes == counted
    assert found.cut is (counted == 480)


@pytest.mark.parametrize(("came", "left"), [({"hours": 1}, {"minutes": 69}), ({"minutes": 10}, {"minutes": 75})])
def test_too_short_to_count(came: dict[str, float], left: dict[str, float]) -> None:
    with pytest.raises(Refusal) as refused:
        minutes.scanned(now(**came), now(**left), PLAN, LIMITS)
    assert refused.value.code == "short"


@pytest.mark.parametrize(
    ("span", "break_minutes", "why"),
    [
        ({"hours": -2}, 0, "negative"),
        ({"hours": 0}, 0, "negative"),
        ({"hours": 26}, 0, "too_long"),
        ({"hours": 8, "minutes": 1}, 0, "too_long"),
        ({"hours": 2}, -30, "negative"),
        ({"hours": 2}, 120, "short"),
    ],
)
def test_typed_nonsense_is_refused(span: dict[str, float], break_minutes: int, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        minutes.typed(AT, now(**span), break_minutes, LIMITS)
    assert refused.value.code == why
    assert refused.value.field in ("ends_at", "break_minutes")


def test_eight_hours_after_the_break_are_taken() -> None:
    assert minutes.typed(AT, now(hours=9), 60, LIMITS).minutes == 480


HERE, FAR = (29.87, 121.54), (29.95, 121.60)  # some ten kilometres


def shift(start: float, length: float = 60, key: int = 1, **more: object) -> Shift:
    given: dict[str, object] = {"minutes": int(length), "key": key, "where": HERE} | more
    return Shift(now(minutes=start), now(minutes=start + length), **given)  # type: ignore[arg-type]


def test_overlap_says_with_what_and_how_long() -> None:
    found = detectors.overlap(shift(0), [shift(30, key=2, counts=True), shift(60, key=3), shift(0, key=1)])
    assert found == [{"code": "overlap", "claim": 2, "minutes": 30, "counts": True}]
    assert flags.codes(found) == {"overlap_counts"}


@pytest.mark.parametrize(
    ("other", "seen"),
    [
        (shift(65, key=2, where=FAR), True),  # five minutes for ten kilometres
        (shift(180, key=2, where=FAR), False),
        (shift(65, key=2, where=(29.871, 121.541)), False),  # round the corner
        (shift(-65, key=2, where=FAR), True),
        (shift(60, key=2, where=FAR), True),  # no minute between: nothing is divided by it
        (shift(65, key=2, where=None), False),
    ],
)
def test_nobody_gets_there_that_fast(other: Shift, seen: bool) -> None:
    assert bool(detectors.too_fast(shift(0), [other], LIMITS)) is seen


def test_a_day_has_no_26_hours() -> None:
    day = AT.date()
    assert detectors.day_total(shift(0), [], day, 480, LIMITS) == []
    assert detectors.day_total(shift(0), [], day, 600, LIMITS)[0]["code"] == "day_long"
    assert detectors.day_total(shift(0, 480), [], day, 26 * 60 - 480, LIMITS)[0]["code"] == "day_full"


def test_five_hours_typed_within_two_minutes_are_seen() -> None:
    """The case of the press: an administrator typed five hours of care in two minutes."""
    sent = [Typed(now(seconds=-30 * n), 60) for n in range(5)]
    assert detectors.velocity(sent, AT, LIMITS) == [{"code": "velocity", "forms": 5, "claims": 5, "seconds": 120}]
    assert detectors.velocity([Typed(AT, 90)] * 20, AT, LIMITS) == []  # one form for a whole list
    assert detectors.velocity([Typed(now(minutes=-10 * n), 60) for n in range(5)], AT, LIMITS) == []


def test_round_numbers_are_seen_from_ten_on() -> None:
    assert detectors.round_numbers([Typed(AT, 60)] * 9, LIMITS) == []
    assert detectors.round_numbers([Typed(AT, 120)] * 8 + [Typed(AT, 95)] * 2, LIMITS) == [
        {"code": "round", "share": 80, "claims": 10}
    ]
    assert detectors.round_numbers([Typed(AT, 120)] * 7 + [Typed(AT, 95)] * 3, LIMITS) == []


def test_a_family_may_share_a_telephone_and_no_more() -> None:
    assert detectors.same_device([1, 2, 2], LIMITS) == []
    assert detectors.same_device([1, 2, 3], LIMITS) == [{"code": "device", "people": 3}]


def test_bare_and_overran() -> None:
    assert detectors.no_evidence(photographs=0, recipient=False) == [{"code": "bare"}]
    assert detectors.no_evidence(photographs=1, recipient=False) == []
    assert detectors.overran(AT, now(minutes=31), LIMITS) == [{"code": "overran", "minutes": 31}]
    assert detectors.overran(AT, now(minutes=30), LIMITS) == []


@pytest.mark.parametrize("code_", sorted(flags.SENTENCES))
def test_each_flag_has_a_sentence(code_: str) -> None:
    held = dict.fromkeys(("minutes", "metres", "claims", "forms", "seconds", "share", "people", "days"), 7)
    said = flags.in_words([{"code": code_, **held}])
    assert said[0][1] != code_


def test_a_flag_that_nobody_knows_any_more_still_reads() -> None:
    assert flags.in_words([{"code": "of_old"}, {}]) == [("of_old", "of_old"), ("", "")]


def test_the_draw_can_be_made_again() -> None:
    drawn = [n for n in range(2000) if checking.falls("seed", n, 5)]
    assert drawn == [n for n in range(2000) if checking.falls("seed", n, 5)]
    assert drawn != [n for n in range(2000) if checking.falls("other", n, 5)]
    assert 60 < len(drawn) < 140  # fixed by the seed: about one in twenty
