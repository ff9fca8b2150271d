"""How findings and root-cause projects look, and their doors in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.insight.lifecycle import PainKind, PainState, RootState

STATES = {
    PainState.NEW: ("due", "bell"),
    PainState.SEEN: ("wait", "eye"),
    PainState.DISMISSED: ("neutral", "x"),
    PainState.PROJECT: ("wait", "flag"),
    PainState.GONE: ("done", "check"),
}
KINDS = {
    PainKind.SPOT: ("brand", "flame"),
    PainKind.DOOR: ("due", "door"),
    PainKind.TOPIC: ("wait", "message-circle"),
}
ROOTS = {
    RootState.OPEN: ("wait", "flag"),
    RootState.PROVING: ("due", "clock"),
    RootState.PROVED: ("done", "circle-check"),
    RootState.FAILED: ("late", "x"),
    RootState.STOPPED: ("neutral", "hand-stop"),
}
chrome.states("pain", {state.value: (state.label, *look) for state, look in STATES.items()})
chrome.states("pain_kind", {kind.value: (kind.label, *look) for kind, look in KINDS.items()})
chrome.states("root", {state.value: (state.label, *look) for state, look in ROOTS.items()})
chrome.door("staff", "pains", _("Small pains"), "insight:pains", icon="flame", order=51, word="insight.see")
