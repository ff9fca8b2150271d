"""The form of what is done against floods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core import floods, office
from chenyue.core.forms import Form


def _number(label: Any, help_text: Any, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=least, max_value=most)


class FloodsForm(Form):
    """When a form is asked to work or wait, and the limits of one address and one number."""

    flood_guard = forms.ChoiceField(label=_("Ask for a small calculation"), choices=floods.MODES)
    flood_from_address = _number(
        _("Forms from one address in ten minutes that are a flood"),
        _("Neighbours, a community room and a whole mobile network may share one address. 0: one address is no flood."),
        1000,
    )
    flood_from_all = _number(
        _("Forms from everywhere in ten minutes that are a flood"),
        _("More than on your busiest evening. 0: never."),
        100_000,
    )
    flood_wait_seconds = _number(
        _("Seconds of waiting, where a browser can't calculate"),
        _("Counted from when the form was opened, and more in a larger flood: six times as many at most."),
        120,
        5,
    )
    flood_waiting = _number(
        _("Forms an hour from one address that pass by waiting alone"), _("In a flood only. 0: no limit."), 1000
    )
    tell_limit_address = _number(
        _("Appeals an hour from one address"), _("Beyond it the page asks to telephone. 0: no limit."), 100_000
    )
    tell_limit_phone = _number(
        _("Appeals a day with one telephone number"), _("Beyond it the page asks to telephone. 0: no limit."), 1000
    )
    tell_min_seconds = _number(
        _("Seconds in which nobody can have written an appeal"),
        _("What comes back sooner is asked to press again."),
        60,
    )
    phone_codes_a_day = _number(
        _("Codes by SMS in a day, for the whole office"), _("Each costs a short message. 0: no limit."), 100_000
    )


office.label({name: field.label for name, field in FloodsForm.base_fields.items()})
