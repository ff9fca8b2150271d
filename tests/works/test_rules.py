"""Joint decisions: the golden examples of the Civil Code, exact, and a recount by other means."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chenyue.works
from chenyue.core.errors import Refusal
from chenyue.works import areas
from chenyue.works.lifecycle import HomeStatus, Vote
from chenyue.works.rules import Decision, Part, Rule, decide, head_of, needed

TWO_THIRDS, THREE_QUARTERS, HALF = Fraction(2, 3), Fraction(3, 4), Fraction(1, 2)
SPECIAL = Rule("special", "⑥⑦⑧", TWO_THIRDS, TWO_THIRDS, THREE_QUARTERS, THREE_QUARTERS, inclusive=True)
ORDINARY = Rule("ordinary", "others", TWO_THIRDS, TWO_THIRDS, HALF, HALF, inclusive=False)
AREA = 80_00
SHIPPED = Path(chenyue.works.__file__).parent / "data" / "rules.json"


def estate() -> list[Part]:
    """Golden 1: sixty homes of 80 m²; homes 1–6 are one owner's, 7–10 the developer's unsold, 50 single ones."""
    homes = []
    for number in range(1, 61):
        owner, status = (100 if number <= 6 else number + 200), HomeStatus.SOLD
        if 7 <= number <= 10:
            status = HomeStatus.UNSOLD
        head = head_of(home=number, estate=1, status=status, owners=[owner], developer=False)
        homes.append(Part(number, AREA, head))
    return homes


SINGLE = range(11, 61)
SIX = range(1, 7)
DEVELOPER = range(7, 11)


def votes(agree=(), disagree=(), abstain=()) -> dict[int, str]:
    return {
        **dict.fromkeys(agree, Vote.AGREE),
        **dict.fromkeys(disagree, Vote.DISAGREE),
        **dict.fromkeys(abstain, Vote.ABSTAIN),
    }


def test_golden_1_heads_are_52_and_35_must_take_part_while_area_uses_all_sixty():
    found = decide(SPECIAL, estate(), {})
    assert (found.quorum_heads.whole, found.quorum_heads.needed) == (52, 35)
    assert (found.quorum_area.whole, found.quorum_area.needed) == (60 * AREA, 40 * AREA)
    assert found.quorum is False and found.passed is False


@pytest.mark.parametrize(
    ("taking_part", "special", "ordinary"),
    [(35, 27, 18), (36, 27, 19), (40, 30, 21), (52, 39, 27)],
)
def test_golden_2_to_4_how_many_heads_must_agree(taking_part: int, special: int, ordinary: int):
    homes = list(SINGLE)[:taking_part]
    if taking_part == 52:
        homes = [*SINGLE, 1, 7]
    said = votes(agree=homes)
    assert decide(SPECIAL, estate(), said).agree_heads.needed == special
    assert decide(ORDINARY, estate(), said).agree_heads.needed == ordinary
    assert decide(SPECIAL, estate(), said).quorum_heads.have == taking_part
    assert needed(THREE_QUARTERS, taking_part, True) == special
    assert needed(HALF, taking_part, False) == ordinary


def test_golden_3_exactly_three_quarters_is_enough_and_exactly_half_is_not():
    thirty_six = list(SINGLE)[:36]
    said = votes(agree=thirty_six[:27], disagree=thirty_six[27:])
    assert decide(SPECIAL, estate(), said).agree_heads.met
    half = votes(agree=thirty_six[:18], disagree=thirty_six[18:])
    assert not decide(ORDINARY, estate(), half).agree_heads.met
    assert decide(ORDINARY, estate(), half).agree_heads.short == 1


def test_golden_5_area_fails_alone_until_the_owner_of_six_comes():
    thirty_nine = list(SINGLE)[:39]
    alone = decide(SPECIAL, estate(), votes(agree=thirty_nine))
    assert alone.quorum_area.have == 3120_00
    assert alone.quorum_area.share == Fraction(65, 100)
    assert not alone.quorum_area.met
    assert alone.quorum_area.short == 80_00
    assert alone.quorum_heads.share == Fraction(39, 52) == THREE_QUARTERS
    assert alone.quorum_heads.met
    assert alone.quorum is False
    with_six = decide(SPECIAL, estate(), votes(agree=[*thirty_nine, *SIX]))
    assert with_six.quorum_area.have == 3600_00
    assert with_six.quorum_area.share == THREE_QUARTERS
    assert with_six.quorum_heads.have == 40
    assert with_six.quorum is True


def test_golden_6_the_majority_of_heads_is_not_that_of_area():
    singles = list(SINGLE)[:39]
    said = votes(agree=singles[:30], disagree=[*singles[30:], *SIX])
    found = decide(SPECIAL, estate(), said)
    assert (found.agree_heads.have, found.agree_heads.whole, found.agree_heads.met) == (30, 40, True)
    assert found.agree_area.have == 2400_00
    assert found.agree_area.share == TWO_THIRDS
    assert not found.agree_area.met
    assert found.agree_area.short == 300_00
    assert found.passed is False
    said = votes(agree=[*singles[:30], *SIX], disagree=singles[30:])
    found = decide(SPECIAL, estate(), said)
    assert found.agree_heads.have == 31
    assert found.agree_area.have == 2880_00
    assert found.agree_area.share == Fraction(80, 100)
    assert found.passed is True


def test_golden_7_a_coowned_home_is_one_part_and_casts_no_ballot_while_its_owners_quarrel():
    couple = head_of(home=1, estate=1, status=HomeStatus.SOLD, owners=[1, 2], developer=False)
    homes = [Part(1, AREA, couple), Part(2, AREA, "b")]
    assert decide(SPECIAL, homes, {}).quorum_heads.whole == 2
    disputed = [Part(1, AREA, couple, disputed=True), Part(2, AREA, "b")]
    found = decide(SPECIAL, disputed, votes(agree=[1, 2]))
    assert (found.homes_voting, found.quorum_heads.have, found.agree_area.have) == (1, 1, AREA)


def test_golden_8_silence_is_no_consent_and_abstaining_takes_part():
    homes = [Part(n, AREA, n) for n in range(1, 13)]
    found = decide(SPECIAL, homes, votes(agree=range(1, 7), abstain=[7, 8]))
    assert (found.quorum_heads.have, found.agree_heads.have, found.agree_heads.whole) == (8, 6, 8)
    assert found.passed is True
    assert decide(SPECIAL, homes, votes(agree=range(1, 8))).quorum is False


def test_two_flats_of_a_couple_are_one_head_and_a_flat_of_one_of_them_another():
    def head(home: int, owners: list[int]):
        return head_of(home=home, estate=1, status=HomeStatus.SOLD, owners=owners, developer=False)

    assert head(1, [5, 6]) == head(2, [6, 5]) != head(3, [5])
    assert head(4, []) != head(5, [])


def test_unsold_undelivered_and_kept_by_the_developer_are_one_head_of_an_estate():
    heads = {
        head_of(home=1, estate=1, status=HomeStatus.UNSOLD, owners=[], developer=False),
        head_of(home=2, estate=1, status=HomeStatus.UNDELIVERED, owners=[9], developer=False),
        head_of(home=3, estate=1, status=HomeStatus.SOLD, owners=[8], developer=True),
    }
    assert len(heads) == 1
    assert head_of(home=4, estate=2, status=HomeStatus.UNSOLD, owners=[], developer=False) not in heads


def test_an_owner_whose_ballots_differ_takes_part_and_does_not_agree():
    homes = [Part(1, AREA, "six"), Part(2, AREA, "six"), Part(3, AREA, "c")]
    found = decide(SPECIAL, homes, votes(agree=[1, 3], disagree=[2]))
    assert (found.quorum_heads.have, found.agree_heads.have, found.split_heads) == (2, 1, 1)
    assert found.agree_area.have == 2 * AREA


def test_without_a_rule_there_are_shares_and_never_passed():
    found = decide(None, estate(), votes(agree=range(1, 61)))
    assert found.passed is None and found.quorum is None and found.missing is None
    assert found.agree_heads.share == 1
    assert not found.agree_heads.met


def test_nobody_decides_where_nobody_takes_part():
    assert decide(SPECIAL, [], {}).passed is False
    all_of_all = Rule("old", "", Fraction(0), Fraction(0), TWO_THIRDS, TWO_THIRDS, of_participants=False)
    assert decide(all_of_all, [], {}).passed is False
    assert decide(all_of_all, estate(), {}).quorum is True


def test_older_rules_measure_those_agreeing_among_all():
    old = Rule("old", "", Fraction(0), Fraction(0), TWO_THIRDS, TWO_THIRDS, of_participants=False)
    found = decide(old, estate(), votes(agree=list(SINGLE)[:39]))
    assert (found.agree_heads.needed, found.agree_heads.have, found.agree_area.met) == (35, 39, False)
    assert (found.missing.heads, found.missing.area) == (0, 80_00)


def test_all_interested_owners_means_all():
    everyone = Rule("279", "", Fraction(1), Fraction(1), Fraction(1), Fraction(1), of_participants=False)
    homes = [Part(n, AREA, n) for n in range(1, 4)]
    assert decide(everyone, homes, votes(agree=[1, 2, 3])).passed is True
    one_left = decide(everyone, homes, votes(agree=[1, 2]))
    assert one_left.passed is False and one_left.missing.heads == 1
    against = decide(everyone, homes, votes(agree=[1, 2], disagree=[3]))
    assert against.passed is False and against.missing.heads is None


# Hypothesis: the same by another way

RULES = st.sampled_from([SPECIAL, ORDINARY, Rule("old", "", HALF, HALF, HALF, HALF, False, False, False)])


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Rule, list[Part], dict[int, str]]:
    count = draw(st.integers(0, 14))
    homes = [
        Part(n, draw(st.integers(1, 300_00)), draw(st.integers(0, 5)), draw(st.integers(0, 9)) == 0)
        for n in range(count)
    ]
    said = draw(st.dictionaries(st.integers(0, 16), st.sampled_from([str(v) for v in Vote]), max_size=count + 2))
    return draw(RULES), homes, said


def recount(rule: Rule, homes: list[Part], said: dict[int, str]) -> bool:
    """The same question answered by cross-multiplying and plain loops."""
    taking = [h for h in homes if h.id in said and not h.disputed]
    heads = sorted({h.head for h in homes})
    coming = [x for x in heads if any(h.head == x for h in taking)]
    agreeing = [x for x in coming if all(said[h.id] == "agree" for h in taking if h.head == x)]
    area = (sum(h.area for h in taking), sum(h.area for h in homes))
    agree_area = sum(h.area for h in taking if said[h.id] == "agree")
    base = (area[0], len(coming)) if rule.of_participants else (area[1], len(heads))

    def enough(have: int, whole: int, share: Fraction, inclusive: bool) -> bool:
        left, right = have * share.denominator, whole * share.numerator
        return have > 0 and (left >= right if inclusive else left > right)

    return (
        enough(area[0], area[1], rule.quorum_area, rule.quorum_inclusive)
        and enough(len(coming), len(heads), rule.quorum_heads, rule.quorum_inclusive)
        and enough(agree_area, base[0], rule.agree_area, rule.inclusive)
        and enough(len(agreeing), base[1], rule.agree_heads, rule.inclusive)
    )


@given(scenes())
@settings(max_examples=300, deadline=None)
def test_an_independent_recount_agrees(scene: tuple[Rule, list[Part], dict[int, str]]):
    rule, homes, said = scene
    assert decide(rule, homes, said).passed is recount(rule, homes, said)


@given(scenes())
@settings(max_examples=200, deadline=None)
def test_what_is_needed_is_the_least_that_meets_the_test(scene: tuple[Rule, list[Part], dict[int, str]]):
    found = decide(*scene)
    for test in (found.quorum_area, found.quorum_heads, found.agree_area, found.agree_heads):
        assert test.needed is not None and test.asks is not None
        for have in (test.needed - 1, test.needed):
            left, right = have * test.asks.denominator, test.whole * test.asks.numerator
            meets = have > 0 and (left >= right if test.inclusive else left > right)
            assert meets is (have >= test.needed)


def plus_heads(found: Decision, more: int) -> bool:
    """Whether both tests of heads are met when so many new heads come and agree."""
    rule = found.rule
    assert rule is not None
    taking, all_heads = found.quorum_heads.have + more, found.quorum_heads.whole
    base = found.agree_heads.whole + (more if rule.of_participants else 0)
    return taking >= needed(rule.quorum_heads, all_heads, rule.quorum_inclusive) and found.agree_heads.have + more >= (
        needed(rule.agree_heads, base, rule.inclusive)
    )


@given(scenes())
@settings(max_examples=300, deadline=None)
def test_what_is_missing_is_the_least_that_helps(scene: tuple[Rule, list[Part], dict[int, str]]):
    found = decide(*scene)
    assert found.missing is not None
    away = found.quorum_heads.whole - found.quorum_heads.have
    helps = [more for more in range(away + 1) if plus_heads(found, more)]
    assert found.missing.heads == (helps[0] if helps else None)


@given(st.integers(1, 10_000_000))
def test_areas_read_back_exactly(area: int):
    assert areas.read(str(Decimal(area) / 100)) == area
    assert areas.read(areas.words(area)) == area


@pytest.mark.parametrize(
    ("written", "area"),
    [("89.32", 8932), (" 89.3㎡", 8930), ("１，０８９.5 平方米", 108950), ("80 M2", 8000), ("89.32000000000001", 8932)],
)
def test_areas_as_people_write_them(written: str, area: int):
    assert areas.read(written) == area


@pytest.mark.parametrize(
    "written", ["", "0", "-3", "89.325", "abc", "1e9", "1e999999", "1e-999999", "0.00001", "1.", "nan", "inf", "八十"]
)
def test_what_is_no_area_is_refused(written: str):
    with pytest.raises(Refusal) as refused:
        areas.read(written)
    assert refused.value.field == "area"


def test_the_rules_that_ship_say_what_the_law_says():
    rows = {row["code"]: row for row in json.loads(SHIPPED.read_text(encoding="utf-8"))}
    special, ordinary = rows["civil_code_278_special"], rows["civil_code_278_ordinary"]
    assert [m["number"] for m in special["matters"]] == ["6", "7", "8"]
    assert [m["number"] for m in ordinary["matters"]] == ["1", "2", "3", "4", "5", "9"]
    shares = ("quorum_area", "quorum_heads", "agree_area", "agree_heads")
    assert [special[s] for s in shares] == ["2/3", "2/3", "3/4", "3/4"] and special["inclusive"]
    assert [ordinary[s] for s in shares] == ["2/3", "2/3", "1/2", "1/2"] and not ordinary["inclusive"]
    assert special["of_participants"] and ordinary["of_participants"] and special["until"] is None
    for row in rows.values():
        assert all(0 <= Fraction(row[s]) <= 1 for s in shares) and row["source"] and row["since"]
        if "条例" in row["title"] or "物权法" in row["title"]:
            assert row["until"] == "2020-12-31" and not row["of_participants"]
