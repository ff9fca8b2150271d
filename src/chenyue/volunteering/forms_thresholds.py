"""Forms of the numbers by which evidence is judged: a field for each, with its bounds; only what differs is kept."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.volunteering.booking_terms import ODD
from chenyue.volunteering.thresholds import shipped

# Name → words, smallest, largest. Smallest and largest are what can be meant, and what the law or the table asks:
# 480 minutes of one entry, seven days of notice (民发〔2015〕149号).
EVIDENCE: dict[str, tuple[Any, int, int]] = {
    "most_minutes": (_("Minutes of one entry, at most"), 30, 480),
    "shortest_minutes": (_("Minutes between coming and going, at least"), 0, 120),
    "early_minutes": (_("Minutes before the planned start from which the code is taken"), 0, 480),
    "after_minutes": (_("Minutes after the planned end until which the code is taken"), 0, 1440),
    "overrun_minutes": (_("Minutes after the planned end from which going is looked at"), 0, 480),
    "late_hours": (_("Hours by which a scan without network may come late"), 0, 168),
    "day_minutes": (_("Minutes of one person in a day; more is looked at"), 60, 1440),
    "speed_kmh": (_("Kilometres an hour between two places; faster is looked at"), 5, 300),
    "near_metres": (_("Metres within which two places count as one"), 0, 20_000),
    "velocity_seconds": (_("Haste of who records: within so many seconds …"), 10, 3600),
    "velocity_forms": (_("… so many forms are looked at"), 2, 500),
    "velocity_claims": (_("… or so many entries in them"), 2, 5000),
    "device_people": (_("People for whom one telephone may scan at an activity"), 1, 50),
    "round_claims": (_("Round hours are looked at from so many entries of one recorder on …"), 3, 1000),
    "round_share": (_("… if so many percent of them are whole hours"), 10, 100),
    "quota_day": (_("Entries that one recorder may type in a day"), 1, 2000),
    "typed_within_days": (_("Days within which hours are typed; later ones are grade C"), 0, 90),
    "oldest_days": (_("Days after which hours aren't taken any more"), 1, 1095),
    "check_percent": (_("Percent of typed entries that are drawn for a call"), 0, 100),
    "check_days": (_("Days within which the drawn are called"), 1, 90),
    "plea_days": (_("Days within which a complaint about hours is decided"), 1, 90),
    "notice_days": (_("Days for which a certificate is shown before it is issued"), 7, 60),
}
ODD_NUMBERS: dict[str, tuple[Any, int, int]] = {
    "early": (_("Minutes before its time from which redeeming looks odd"), 0, 1440),
    "late": (_("Minutes after its time from which redeeming looks odd"), 0, 4320),
    "many": (_("Vouchers of one supplier that look odd when redeemed …"), 2, 500),
    "within": (_("… within so many minutes, and more than its times can serve at once"), 1, 240),
}


def _numbers(form: Form, table: Mapping[str, tuple[Any, int, int]], held: Mapping[str, Any]) -> None:
    for name, (words, least, most) in table.items():
        form.fields[name] = forms.IntegerField(
            label=words, min_value=least, max_value=most, initial=held[name],
            help_text=_("%(least)d to %(most)d") % {"least": least, "most": most},
        )  # fmt: skip


class EvidenceForm(Form):
    """How evidence of hours is judged. `held`: the numbers in force."""

    def __init__(self, *args: Any, held: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _numbers(self, EVIDENCE, held)

    def clean(self) -> dict[str, Any]:
        """A day can't hold less than one entry."""
        data = super().clean() or {}
        if (data.get("day_minutes") or 1440) < (data.get("most_minutes") or 0):
            self.add_error("day_minutes", _("A day can't hold less than one entry may."))
        return data

    def chosen(self) -> dict[str, int]:
        """What the setting holds: the numbers that differ from the shipped ones."""
        return {name: value for name, value in self.cleaned_data.items() if value != shipped()[name]}


class OddForm(Form):
    """When redeeming vouchers looks odd. `held`: the limits in force."""

    night_from = forms.TimeField(label=_("Night begins"), widget=forms.TimeInput(attrs={"type": "time"}))
    night_until = forms.TimeField(label=_("Night ends"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, held: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _numbers(self, ODD_NUMBERS, held)
        self.fields["night_from"].initial, self.fields["night_until"].initial = held["night"]
        self.order_fields([*ODD_NUMBERS, "night_from", "night_until"])

    def chosen(self) -> dict[str, Any]:
        """What the setting holds: the limits that differ from the shipped ones."""
        data = self.cleaned_data
        night: list[time] = [data["night_from"], data["night_until"]]
        said = {name: data[name] for name in ODD_NUMBERS} | {"night": [f"{moment:%H:%M}" for moment in night]}
        return {name: value for name, value in said.items() if value != ODD[name]}
