"""What every calculation gives: lines of who gets or bears how much and why, that add up to the cent. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chenyue.mediation.instalments import CENT, shares


class Wrong(ValueError):
    """What was given can't be calculated: `field` names the place, `code` the sentence (`words.FAULTS`)."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class Line:
    """One person's share of one thing. `why` is a code of `words.WHY`, `source` the article it rests on."""

    what: str
    who: str
    amount: Decimal  # yuan
    why: str
    source: str = ""
    detail: str = ""  # what a person typed: the reason of a weight


@dataclass
class Outcome:
    """One way to see it: its lines, what is left over and for what reason."""

    title: str
    lines: list[Line] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)  # nobody's: stays with the collective, or can't be said
    notes: list[str] = field(default_factory=list)  # codes of `words.NOTES`

    def total_of(self, who: str) -> Decimal:
        """All that one person gets or bears, yuan."""
        return sum((line.amount for line in self.lines if line.who == who), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Everything, with what is left over: the sum of the pools."""
        return sum((line.amount for line in (*self.lines, *self.left)), Decimal(0))

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it: amounts as text with two decimals."""
        people = list(dict.fromkeys(line.who for line in self.lines))
        return {
            "title": self.title,
            "lines": [_plain(line) for line in self.lines],
            "left": [_plain(line) for line in self.left],
            "totals": {who: f"{self.total_of(who):.2f}" for who in people},
            "total": f"{self.total:.2f}",
            "notes": list(self.notes),
        }


def _plain(line: Line) -> dict[str, str]:
    return {
        "what": line.what,
        "who": line.who,
        "amount": f"{line.amount:.2f}",
        "why": line.why,
        "source": line.source,
        "detail": line.detail,
    }


def money(value: Any, field: str) -> Decimal:
    """A sum in yuan as a person types it: 97,912、９７９１２.50. Raises `Wrong`."""
    typed = str(value if value is not None else "").translate(_TYPED)
    try:
        amount = Decimal(typed)
    except ArithmeticError as error:
        raise Wrong(field, "no_sum") from error
    if not amount.is_finite() or amount < 0 or amount > LARGEST:
        raise Wrong(field, "no_sum")
    if amount != amount.quantize(CENT):
        raise Wrong(field, "below_cent")
    return amount.quantize(CENT)


LARGEST = Decimal("99999999999999.99")
_TYPED = str.maketrans("０１２３４５６７８９．", "0123456789.", ",，、 \u3000元¥￥")


def fraction(value: Any, field: str) -> Fraction:
    """A weight: 1, 0.5, 1/3, 30%. Raises `Wrong`."""
    typed = str(value if value not in (None, "") else "1").translate(_TYPED)
    try:
        part = Fraction(typed.removesuffix("%").removesuffix("％")) / (100 if typed[-1:] in "%％" else 1)
    except (ValueError, ZeroDivisionError) as error:
        raise Wrong(field, "no_weight") from error
    if not 0 <= part <= 1_000_000 or part.denominator > 1_000_000:
        raise Wrong(field, "no_weight")
    return part


def divided(
    what: str,
    amount: Decimal,
    people: Sequence[tuple[str, Fraction]],
    why: str,
    source: str,
    details: Iterable[str] = (),
) -> list[Line]:
    """One amount among people by weight, to the cent (largest remainder); nobody with a weight gives no lines."""
    if not any(weight > 0 for _who, weight in people):
        return []
    amounts = shares(amount, [weight for _who, weight in people])
    said = [*details] or [""] * len(people)
    return [
        Line(what, who, one, why, source, words)
        for (who, weight), one, words in zip(people, amounts, said, strict=True)
        if weight > 0
    ]
