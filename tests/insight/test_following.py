"""The kept counts are those of all cases, whatever happens, and the figures are those of the rates' own rule."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cast import NOW, Cast
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.catalogue.models import Category
from chenyue.core.actors import SYSTEM
from chenyue.followup.models import Callback, LeftOut, Rating
from chenyue.followup.rates import compute
from chenyue.insight import following, proving, whole
from chenyue.insight.figures import counts, figures
from chenyue.insight.models import CaseFact, DayCount, Follow
from chenyue.timeline.actions import record
from stories import dispatched, filed

TODAY = timezone.localtime(NOW).date()
DAY = timedelta(days=1)
AFTER = TODAY + DAY
FOUR = ("response", "resolution", "satisfaction", "on_time")


@pytest.fixture(autouse=True)
def begun(cast: Cast) -> None:
    following.follow(NOW)
    assert Follow.objects.get().whole_at


def followed() -> int:
    """How many cases' counts changed; the kept counts are right afterwards."""
    changed = int(following.follow(NOW))
    assert proving.differences() == []
    return changed


def total(measure: str, axis: str = "all", key: str = "") -> int:
    rows = DayCount.objects.filter(grain="d", axis=axis, key=key, measure=measure)
    return sum(rows.values_list("value", flat=True))


def test_counts_follow_a_case_from_its_first_words_to_a_new_round(cast: Cast) -> None:
    one = filed(cast)
    assert followed() == 1
    assert total("received") == total("appeals") == 1
    case = dispatched(cast, one)
    followed()
    assert total("sent", "lead", str(cast.units["drainage"].pk)) == 1
    later = NOW + timedelta(hours=1)
    case = move(case=case, move=Move.ANSWER, by=cast.lin.actor(), at=later, done="疏通", told="井已疏通。")
    followed()
    assert total("answered") == 1
    move(case=case, move=Move.REOPEN, by=cast.li.actor(), at=NOW + timedelta(days=1), words="又冒水了。")
    followed()
    assert (total("answered"), total("reopened")) == (0, 1)
    assert followed() == 0


def changed(case: Case, **fields: Any) -> None:
    Case.objects.filter(pk=case.pk).update(**fields)
    record(subject=case.subject, verb="case.triaged", by=SYSTEM, at=NOW)


def test_what_came_again_hangs_on_the_other_case_too(cast: Cast) -> None:
    sewer, lamp = Category.objects.filter(active=True).order_by("pk")[:2]
    first = filed(cast).case
    second = filed(cast, NOW + timedelta(days=3), words="楼道灯坏了三天，老人摔了一跤。").case
    assert first.pk != second.pk
    changed(first, category=sewer)
    changed(second, category=sewer)
    followed()
    assert total("repeated") == 1
    changed(first, category=lamp)
    followed()
    assert total("repeated") == 0


def rated(case: Any, n: int, dice: random.Random) -> None:
    grade = dice.choice(["satisfied", "basically", "dissatisfied"])
    state = dice.choice(["rated", "tried", "excluded"])
    reason = dice.choice([*LeftOut.values, ""]) if state != "rated" else ""
    day = NOW - timedelta(days=dice.randrange(3))
    callback = Callback.objects.create(
        case=case, appeal=case.appeals.first(), round=1, state=state, token=f"{case.pk}-{n}", expires_at=NOW,
        created_at=NOW, ended_at=day, excluded_reason=reason, contacted_in_time=dice.random() < 0.7,
    )  # fmt: skip
    if state == "rated":
        said = dice.choice([True, False, None])
        Rating.objects.create(callback=callback, case=case, grade=grade, solved=n % 2 == 0, contacted=said, at=day)
    record(subject=case.subject, verb="case.triaged", by=SYSTEM, at=NOW)


@pytest.mark.parametrize("seed", range(4))
def test_any_history_counts_as_a_count_of_everything_and_as_the_rule(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    units, categories = list(cast.units.values()), list(Category.objects.filter(active=True)[:3])
    cases = [filed(cast, NOW - timedelta(days=n), words=f"路灯{n}不亮，{'很黑' * n}").case for n in range(4)]

    def day() -> Any:
        return dice.choice([None, NOW - timedelta(days=dice.randrange(5), hours=dice.randrange(20))])

    for n in range(12):
        case = dice.choice(cases)
        if n % 3 == 2:
            rated(case, n, dice)
        else:
            changed(
                case, category=dice.choice([None, *categories]), lead=dice.choice([None, *units]), answered_at=day(),
                state=dice.choice(["received", "handling", "answered", "closed", "declined", "joined"]),
                closed_at=day(), resolve_due_at=day(), contacted_at=day(), contact_due_at=day(),
                sensitivity=dice.choice(["normal", "normal", "normal", "private"]),
            )  # fmt: skip
        if n % 4 == 3:
            followed()
    Case.objects.update(sensitivity="normal")  # the rule's own count knows nothing of private ones
    whole.recount()
    for since, until in ((TODAY, AFTER), (TODAY - timedelta(days=9), TODAY - timedelta(days=1)), (TODAY, AFTER + DAY)):
        at = NOW if until > TODAY else NOW + timedelta(days=9)
        for code, found in figures(FOUR, since, until, at=at).items():
            rule = compute(code, since, until, at=at)
            mine = found[""]
            assert (code, mine.numerator, mine.denominator) == (code, rule.numerator, rule.denominator)
            assert mine.left_out == rule.parts.get("excluded", 0)


def test_months_and_days_give_the_same_sums(cast: Cast) -> None:
    for n in range(0, 80, 9):
        filed(cast, NOW - timedelta(days=n), words=f"第{n}天路灯又不亮了，{'黑' * (n + 1)}")
    followed()
    since, until = TODAY - timedelta(days=75), TODAY - timedelta(days=3)
    rows = DayCount.objects.filter(grain="d", axis="all", measure="received", day__gte=since, day__lt=until)
    assert counts(since, until)[""]["received"] == sum(rows.values_list("value", flat=True)) == 8


def test_the_command_finds_what_somebody_changed_by_hand(cast: Cast) -> None:
    filed(cast)
    followed()
    call_command("recount", "--check")
    DayCount.objects.filter(measure="received").update(value=7)
    with pytest.raises(CommandError):
        call_command("recount", "--check")
    call_command("recount")
    call_command("recount", "--check")
    assert CaseFact.objects.count() == Case.objects.count()
