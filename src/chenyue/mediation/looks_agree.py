"""How the states of agreements look, their pages, and their door in the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.mediation import tabs
from chenyue.mediation.lifecycle import AgreementState, ConfirmationState, ObligationState

AGREEMENTS = {
    AgreementState.DRAFT: ("due", "edit"),
    AgreementState.SIGNING: ("wait", "edit"),
    AgreementState.IN_EFFECT: ("done", "circle-check"),
    AgreementState.REPLACED: ("neutral", "refresh"),
    AgreementState.VOID: ("neutral", "x"),
}
OBLIGATIONS = {
    ObligationState.WAITING: ("wait", "clock"),
    ObligationState.OVERDUE: ("late", "alert-triangle"),
    ObligationState.DONE: ("done", "circle-check"),
    ObligationState.EXCUSED: ("neutral", "heart"),
    ObligationState.BROKEN: ("late", "x"),
}
CONFIRMATIONS = {
    ConfirmationState.OPEN: ("due", "calendar"),
    ConfirmationState.WAIVED: ("neutral", "x"),
    ConfirmationState.APPLIED: ("wait", "send"),
    ConfirmationState.CONFIRMED: ("done", "shield-check"),
    ConfirmationState.REFUSED: ("late", "x"),
    ConfirmationState.EXPIRED: ("neutral", "clock"),
}
chrome.states("agreement", {state.value: (state.label, *look) for state, look in AGREEMENTS.items()})
chrome.states("obligation", {state.value: (state.label, *look) for state, look in OBLIGATIONS.items()})
chrome.states("confirmation", {state.value: (state.label, *look) for state, look in CONFIRMATIONS.items()})
tabs.register("agreement", pgettext_lazy("mediation", "Agreement"), "mediation:agreement", 60)
tabs.register("performance", _("Performance"), "mediation:performance", 70)
chrome.door(
    "staff", "mediation-clauses", _("Sample clauses"), "mediation:clauses", icon="file-text", order=86,
    word="mediation.manage", menu=True,
)  # fmt: skip
