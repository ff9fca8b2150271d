"""Entries in the navigation, and states, of what programs of others hold and are told."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.gateway.models_machines import WebhookDelivery

State = WebhookDelivery.State

chrome.door(
    "staff",
    "machines",
    _("Programs of others"),
    "gateway:machines",
    icon="key",
    order=84,
    word="machine.manage",
    menu=True,
)
chrome.door("staff", "my-machines", _("My programs"), "gateway:my-machines", icon="key", order=97, menu=True)
chrome.door("staff", "calendars", _("My calendars"), "gateway:calendars", icon="calendar", order=96, menu=True)
chrome.states(
    "webhook",
    {
        State.WAITING: (State.WAITING.label, "wait", "clock"),
        State.SENT: (State.SENT.label, "done", "circle-check"),
        State.FAILED: (State.FAILED.label, "due", "refresh"),
        State.DEAD: (State.DEAD.label, "late", "alert-triangle"),
        State.WITHHELD: (State.WITHHELD.label, "neutral", "eye-off"),
    },
)
