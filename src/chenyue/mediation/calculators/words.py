"""What the codes of calculations mean, in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Sentence
from chenyue.mediation.calculators.land import Kind, Left

KINDS: dict[str, Sentence] = {
    Kind.LAND: _("Compensation for the land"),
    Kind.RESETTLEMENT: _("Resettlement subsidy"),
    Kind.HOUSE: _("Compensation for houses"),
    Kind.ATTACHMENTS: _("Compensation for what stands on the land"),
    Kind.CROPS: _("Compensation for crops"),
}
LEFT: dict[str, Sentence] = {
    Left.DEATH: _("Died"),
    Left.NATIONALITY: _("Lost the nationality"),
    Left.NEW_MEMBER: _("Became a member elsewhere"),
    Left.CIVIL_SERVICE: _("Entered the civil service"),
    Left.STUDY: _("Left to study"),
    Left.SERVICE: _("Left for military service"),
    Left.WORK: _("Left to work elsewhere"),
    Left.TRADE: _("Left for trade"),
    Left.DIVORCE: _("Divorced"),
    Left.WIDOWHOOD: _("Widowed"),
    Left.PRISON: _("Serves a sentence"),
    Left.MARRIAGE: _("Married elsewhere"),
}
CAUSES: dict[str, Sentence] = {
    "upstairs_pipe": _("A pipe of the home above"),
    "upstairs_floor": _("The floor or sealing of the home above"),
    "use": _("Careless use of water"),
    "common_pipe": _("A common pipe of the building"),
    "builder": _("A defect of the building within the warranty"),
    "own": _("The harmed home's own doing"),
    "other": pgettext_lazy("cause", "Another cause"),
}
WHY: dict[str, Sentence] = {
    "member": _("Member on the day the plan was fixed"),
    "not_yet": _("Not yet a member on that day"),
    "new_land": _("Has land at the new place"),
    "opinion": _("Counted in by this opinion"),
    "weighted": _("By its own weight"),
    "equal": _("In equal parts"),
    "owner": _("Belongs to its owner"),
    "investor": _("Belongs to who planted"),
    "nobody": _("Nobody is entitled: stays with the collective"),
    "principal_left": _("Principal that is left"),
    "interest_owed": _("Interest that is owed"),
    "paid_too_much": _("Paid too much: to be given back"),
    "worn": _("Worn already when it was damaged"),
    "part": _("Instalment"),
    **{f"lost_{left}": _("Membership ended before that day") for left in Left},
    **{f"kept_{left}": _("Membership goes on") for left in Left},
    **{f"cause_{cause}": words for cause, words in CAUSES.items()},
}
NOTES: dict[str, Sentence] = {
    "against_rule": _("This opinion departs from the rule on membership; the collective or a court decides."),
    "own_weights": _("Some shares are weighted by agreement, for the reason given."),
    "democratic": _("How the land's compensation is shared out is decided by the collective's democratic procedure."),
    "capped": _("The agreed rate is higher than four times the one-year LPR; what is above isn't counted."),
    "no_cap_checked": _("Without the LPR of the contract's day it isn't checked whether the rate is too high."),
}
FAULTS: dict[str, Sentence] = {
    "missing": _("Please fill this in."),
    "no_sum": _("Write a sum of money in yuan, such as 97912.00."),
    "below_cent": _("A sum of money has at most two decimals."),
    "no_weight": _("Write a weight such as 1, 0.5, 1/3 or 30%."),
    "no_date": _("Write a date such as 2026-11-22."),
    "no_rate": _("Write a rate a year in percent, such as 3.1."),
    "before": _("This day lies before the other."),
    "outside": _("This day lies outside the time that is calculated."),
    "unknown": _("This isn't among the choices."),
    "twice": _("This name stands there twice."),
    "how_many": _("There are none, or too many."),
    "why_weights": _("A share that isn't equal needs its reason."),
    "not_whole": _("The shares must add up to 100%."),
    "no_plan": _("No plan can be made of these: check the sum, the number of parts and the first payment."),
}
