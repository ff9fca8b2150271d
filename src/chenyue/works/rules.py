"""Joint decisions of owners, counted exactly: heads, areas, quorum, majority and what is missing. Pure.

Sources: 民法典 278 and 1259 (以上 includes the number itself, 过半数 does not); heads by SPC 建筑物区分所有权解释 8, 9.
Areas are integers in hundredths of a square metre; shares are fractions. No float ever decides.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from chenyue.works.lifecycle import HomeStatus, Vote

Head = Hashable


@dataclass(frozen=True)
class Rule:
    """A version of a quorum and a majority; see `models.ThresholdRule`.

    A quorum of 0 asks for none. `of_participants`: agreeing is measured among those who take part, else among all.
    """

    code: str
    title: str
    quorum_area: Fraction
    quorum_heads: Fraction
    agree_area: Fraction
    agree_heads: Fraction
    inclusive: bool = True
    quorum_inclusive: bool = True
    of_participants: bool = True
    source: str = ""
    version: int = 1


@dataclass(frozen=True)
class Part:
    """One exclusive part (a home): its area in 0.01 m², and the head that it belongs to."""

    id: int
    area: int
    head: Head
    disputed: bool = False  # its owners disagree: no ballot of it counts


@dataclass(frozen=True)
class Test:
    """One of the four tests. `needed` is the least number that meets it; None where no rule applies."""

    __test__ = False  # not one of pytest's

    have: int
    whole: int
    needed: int | None = None
    asks: Fraction | None = None
    inclusive: bool = True

    @property
    def share(self) -> Fraction:
        """The exact share; 0 of nothing."""
        return Fraction(self.have, self.whole) if self.whole else Fraction(0)

    @property
    def met(self) -> bool:
        return self.needed is not None and self.have >= self.needed

    @property
    def short(self) -> int:
        """How much is missing; 0 where nothing is, or nothing is asked."""
        return max(0, (self.needed or 0) - self.have)


@dataclass(frozen=True)
class Missing:
    """The least that must come anew, and agree, for the decision to pass; None: that alone can't do it any more."""

    heads: int | None
    area: int | None  # 0.01 m²


@dataclass(frozen=True)
class Decision:
    """How a decision stands. Without a rule there are shares only, and `passed` is None: never "passed"."""

    rule: Rule | None
    quorum_area: Test
    quorum_heads: Test
    agree_area: Test
    agree_heads: Test
    disagree: tuple[int, int]  # area and heads
    abstain: tuple[int, int]
    split_heads: int  # owners of several parts whose ballots differ: they count as taking part, not as agreeing
    homes: int
    homes_voting: int
    missing: Missing | None

    @property
    def quorum(self) -> bool | None:
        """Whether enough take part."""
        return None if self.rule is None else self.quorum_area.met and self.quorum_heads.met

    @property
    def passed(self) -> bool | None:
        """Whether all four tests are met."""
        return None if self.rule is None else bool(self.quorum) and self.agree_area.met and self.agree_heads.met


def needed(share: Fraction, whole: int, inclusive: bool) -> int:
    """The least whole number that is at least (`inclusive`), or more than, this share of `whole`.

    Of nothing, one is needed: nobody decides where nobody takes part. A share of 0 asks for nothing.
    """
    if share == 0:
        return 0
    exact = share * whole
    return max(1, ceil(exact) if inclusive else floor(exact) + 1)


def head_of(*, home: int, estate: int, status: str, owners: Iterable[int], developer: bool) -> Head:
    """Who counts as one for a home (SPC 9).

    All unsold and undelivered parts of an estate, and those that the developer keeps, are one head. One owner of
    several parts is one, and so are the same co-owners together. A home whose owner nobody knows is one by itself.
    """
    if developer or status in (HomeStatus.UNSOLD, HomeStatus.UNDELIVERED):
        return "developer", estate
    who = frozenset(owners)
    return ("owners", who) if who else ("home", home)


def decide(rule: Rule | None, homes: Iterable[Part], ballots: Mapping[int, str]) -> Decision:
    """Count the ballots (home → vote) of these homes by a rule.

    Silent homes don't take part and never count as consent; those who abstain take part and don't agree. An owner of
    several parts takes part by any of them, with the area of those that have a ballot; the head agrees only where
    all its ballots do. Ballots of disputed homes, and of homes that aren't among these, aren't counted.
    """
    parts = list(homes)
    area_all = sum(part.area for part in parts)
    heads_all = len({part.head for part in parts})
    voting = [(part, Vote(ballots[part.id])) for part in parts if part.id in ballots and not part.disputed]
    said: dict[Head, set[Vote]] = {}
    areas = dict.fromkeys(Vote, 0)
    for part, vote in voting:
        said.setdefault(part.head, set()).add(vote)
        areas[vote] += part.area
    heads = {vote: sum(votes == {vote} for votes in said.values()) for vote in Vote}
    area_part, heads_part = sum(areas.values()), len(said)
    area_base, heads_base = (area_part, heads_part) if rule is None or rule.of_participants else (area_all, heads_all)
    quorum_area = _test(area_part, area_all, rule.quorum_area if rule else None, rule is None or rule.quorum_inclusive)
    quorum_heads = _test(
        heads_part, heads_all, rule.quorum_heads if rule else None, rule is None or rule.quorum_inclusive
    )
    agree_area = _test(areas[Vote.AGREE], area_base, rule.agree_area if rule else None, rule is None or rule.inclusive)
    agree_heads = _test(
        heads[Vote.AGREE], heads_base, rule.agree_heads if rule else None, rule is None or rule.inclusive
    )
    return Decision(
        rule,
        quorum_area,
        quorum_heads,
        agree_area,
        agree_heads,
        (areas[Vote.DISAGREE], heads[Vote.DISAGREE]),
        (areas[Vote.ABSTAIN], heads[Vote.ABSTAIN]),
        sum(len(votes) > 1 for votes in said.values()),
        len(parts),
        len(voting),
        None if rule is None else Missing(_more(quorum_heads, agree_heads, rule), _more(quorum_area, agree_area, rule)),
    )


def _test(have: int, whole: int, asks: Fraction | None, inclusive: bool) -> Test:
    if asks is None:
        return Test(have, whole)
    return Test(have, whole, needed(asks, whole, inclusive), asks, inclusive)


def _more(quorum: Test, agree: Test, rule: Rule) -> int | None:
    """The least number x of those who stay away now that, all agreeing, makes both tests met."""
    asks = agree.asks or Fraction(0)
    if not rule.of_participants:
        more = max(quorum.short, agree.short)
    else:
        more = max(quorum.short, _among_participants(agree, asks))
    return more if 0 <= more <= quorum.whole - quorum.have else None


def _among_participants(agree: Test, asks: Fraction) -> int:
    """x with (have + x) ÷ (whole + x) at, or over, the share: each newcomer also widens the base. -1: no x does."""
    if agree.met and agree.whole:
        return 0
    if asks == 1:
        return 1 if agree.have == agree.whole else -1
    gap = (asks * agree.whole - agree.have) / (1 - asks)
    return max(1, ceil(gap) if agree.inclusive else floor(gap) + 1)
