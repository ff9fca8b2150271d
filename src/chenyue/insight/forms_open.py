"""Forms of open data: which month, whether and how, why one is withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import office
from chenyue.core.forms import Form
from chenyue.insight.opendata import acts


class MonthForm(Form):
    """A month that is over."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )  # fmt: skip


class SettingsForm(Form):
    """Whether this office publishes open data, and how many people stand behind each row."""

    open_data = forms.BooleanField(label=_("This office publishes open data"), required=False)
    open_data_k = forms.IntegerField(label=_("At least so many people behind each row"))
    open_data_licence = forms.CharField(
        label=pgettext_lazy("open data", "Licence"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Empty: the words that ship, CC BY 4.0."),
    )  # fmt: skip

    def clean_open_data_k(self) -> int:
        k = int(self.cleaned_data["open_data_k"])
        if not acts.least() <= k <= acts.MOST_K:
            said = _("Between %(least)d and %(most)d. It can be raised; what was once published with isn't lowered.")
            raise forms.ValidationError(said, code="k", params={"least": acts.least(), "most": acts.MOST_K})
        return k


class WhyForm(Form):
    """Why."""

    words = forms.CharField(label=_("Why it is withdrawn"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def present() -> dict[str, Any]:
    """The settings as they are."""
    return {name: office.get(name) for name in SettingsForm.base_fields} | {"open_data_k": acts.smallest()}


office.label(
    {"open_data": _("Open data"), "open_data_k": _("Least people behind a row of open data")}
    | {"open_data_licence": _("Licence of open data")}
)
