"""What each calculator asks for: the fields of its form, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Sentence
from chenyue.mediation.calculators.words import CAUSES, KINDS, LEFT
from chenyue.mediation.lifecycle import Calculator


@dataclass(frozen=True)
class Ask:
    """One field. `kind`: text, money, date, choice, flag, names (several, with commas)."""

    code: str
    label: Sentence
    kind: str = "text"
    choices: Mapping[str, Sentence] = field(default_factory=dict)
    help: Sentence = ""


@dataclass(frozen=True)
class Group:
    """Rows of the same fields; `rows` are shown empty at first."""

    code: str
    title: Sentence
    row: Sentence  # what one of them is called
    asks: Sequence[Ask]
    rows: int
    most: int


@dataclass(frozen=True)
class Asked:
    """A whole form: single fields, then groups of rows; `about` says what it does."""

    about: Sentence
    asks: Sequence[Ask]
    groups: Sequence[Group] = ()


_NAME, _AMOUNT = Ask("name", pgettext_lazy("person", "Name")), Ask("amount", _("Amount (yuan)"), "money")
_FIRST_ROWS = 3

LAND = Asked(
    _("Who shares is whoever was a member on the day the plan was fixed; houses and crops go to their owners."),
    [Ask("day", _("Day on which the compensation plan was fixed"), "date")],
    [
        Group(
            "people",
            _("Who claims a share"),
            pgettext_lazy("calculator", "Person"),
            [
                _NAME,
                Ask("joined_on", _("Member since"), "date", help=_("Empty: always")),
                Ask("left", _("Left the village"), "choice", LEFT),
                Ask("left_on", pgettext_lazy("calculator", "Since"), "date"),
                Ask("new_land", _("Has got land at the new place"), "flag"),
            ],
            4,
            200,
        ),
        Group(
            "items",
            _("What was paid"),
            pgettext_lazy("calculator", "Sum"),
            [
                Ask("kind", _("For what"), "choice", KINDS),
                _AMOUNT,
                Ask("owners", _("Whose"), "names", help=_("Names with commas; of land: empty")),
                Ask("title", _("What it is called"), help=_("May stay empty")),
            ],
            3,
            40,
        ),
        Group(
            "opinions",
            _("Opinions, side by side"),
            _("Opinion"),
            [
                Ask("title", _("What it says"), help=_("Such as: she shares")),
                Ask("counts_out", _("Doesn't count"), "names"),
                Ask("counts_in", _("Counts in spite of the rule"), "names"),
                Ask("weights", _("Unequal shares"), "weights", help=_("Such as: name=1/2, other=2")),
                Ask("why", _("Reason")),
            ],
            2,
            4,
        ),
    ],
)
INTEREST = Asked(
    _("Day by day; a payment pays interest first. Above four times the LPR of the contract's day nothing counts."),
    [
        Ask("principal", _("Principal (yuan)"), "money"),
        Ask("rate", _("Agreed rate a year (%)")),
        Ask("lpr", _("LPR when the contract was made (%)"), help=_("Empty: the ceiling isn't checked")),
        Ask("since", pgettext_lazy("calculator", "From"), "date"),
        Ask("until", pgettext_lazy("interest", "Until"), "date"),
        Ask("debtor", _("Who owes")),
        Ask("creditor", _("To whom")),
    ],
    [
        Group(
            "payments",
            _("What was paid back"),
            pgettext_lazy("calculator", "Payment"),
            [Ask("on", pgettext_lazy("payment", "On"), "date"), _AMOUNT],
            _FIRST_ROWS,
            120,
        )
    ],
)
LEAK = Asked(
    _("Each cost, less what was worn already, is borne by the causes in their shares."),
    [],
    [
        Group(
            "costs",
            _("Costs"),
            _("Cost"),
            [
                Ask("what", _("What was damaged or done")),
                _AMOUNT,
                Ask("age", _("Age (years)"), help=_("Empty for repairs")),
                Ask("life", _("Lasts (years)")),
            ],
            4,
            40,
        ),
        Group(
            "causes",
            _("Causes"),
            _("Cause"),
            [
                Ask("cause", _("Cause"), "choice", CAUSES),
                Ask("who", _("Who answers for it")),
                Ask("share", pgettext_lazy("cause", "Share"), help=_("Such as 70% or 2/3; all together 100%")),
            ],
            2,
            40,
        ),
    ],
)
SHARES = Asked(
    _("One sum among people, to the cent; equal unless a share has a weight and its reason."),
    [Ask("what", _("What is shared")), _AMOUNT],
    [
        Group(
            "people",
            _("Among whom"),
            pgettext_lazy("calculator", "Person"),
            [_NAME, Ask("weight", _("Weight"), help=_("Empty: 1")), Ask("why", _("Reason"))],
            4,
            500,
        )
    ],
)
INSTALMENTS = Asked(
    _("Parts as equal as cents allow, or parts of a fixed sum with the rest last."),
    [
        _AMOUNT,
        Ask("first", _("First day of payment"), "date"),
        Ask("count", _("How many parts")),
        Ask("each", _("Or a fixed part (yuan)"), "money"),
        Ask("months", _("Months between parts"), help=_("Empty: 1")),
        Ask("at_once", _("Paid at once besides (yuan)"), "money"),
        Ask("who", _("Who pays")),
    ],
)
ASKED: dict[str, Asked] = {
    Calculator.LAND: LAND,
    Calculator.INSTALMENTS: INSTALMENTS,
    Calculator.INTEREST: INTEREST,
    Calculator.LEAK: LEAK,
    Calculator.SHARES: SHARES,
}
