"""How states of hours, complaints and certificates look, and their tabs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.volunteering import lifecycle, tabs
from chenyue.volunteering.seeing import CERTIFY, CREDITS, ORGANISE, SERVE

LOOKS: dict[str, tuple[Any, dict[str, tuple[str, str]]]] = {
    "claim": (
        lifecycle.ClaimState,
        {"waiting": ("wait", "clock"), "approved": ("done", "circle-check"), "refused": ("late", "x")},
    ),
    "plea": (
        lifecycle.PleaState,
        {"open": ("due", "flag"), "upheld": ("done", "check"), "refused": ("neutral", "x")},
    ),
    "certificate": (
        lifecycle.CertificateState,
        {
            "asked": ("due", "notes"), "notice": ("wait", "eye"), "issued": ("done", "shield-check"),
            "withdrawn": ("late", "arrow-back-up"), "refused": ("neutral", "x"),
        },
    ),
    "evidence": (
        lifecycle.Grade,
        {"A": ("done", "qrcode"), "B": ("wait", "users"), "C": ("neutral", "edit")},
    ),
}  # fmt: skip
for _kind, (_states, _look) in LOOKS.items():
    chrome.states(_kind, {state.value: (state.label, *_look[state.value]) for state in _states})
RESULTS = {
    "": (_("To be called"), "due", "phone"),
    "true": (pgettext_lazy("spot check", "True"), "done", "check"),
    "doubtful": (pgettext_lazy("spot check", "Doubtful"), "due", "alert-triangle"),
    "false": (pgettext_lazy("spot check", "False"), "late", "x"),
    "unreached": (pgettext_lazy("spot check", "Not reached"), "wait", "phone"),
}
chrome.states("spot_check", RESULTS)

tabs.register("hours", pgettext_lazy("volunteering", "Hours"), "volunteering:claims", 40,
              tabs.who(ORGANISE, CERTIFY, SERVE, CREDITS))  # fmt: skip
tabs.register("certificates", _("Certificates"), "volunteering:certificates", 80, tabs.who(SERVE, CERTIFY))
