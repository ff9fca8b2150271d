"""Which days, and whose figures."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.insight import shown
from chenyue.insight.lifecycle import Axis
from chenyue.insight.seeing import Reach

DAYS = 30
LONGEST = 3660
WHOLE = "all:"


def usual(at: datetime) -> tuple[date, date]:
    """The last thirty days, both ends counted."""
    today = timezone.localdate(at)
    return today - timedelta(days=DAYS - 1), today


def asked(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """What was asked for, over what is usual."""
    since, until = usual(at)
    return {"since": since, "until": until} | request.GET.dict()


class DaysForm(Form):
    """Whole days, both ends counted."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("To and including"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def read(cls, request: HttpRequest, at: datetime) -> Self:
        """As asked for; the last thirty days unless asked otherwise."""
        return cls(asked(request, at))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end lies before the beginning."))
        elif since and until and ((until - since).days > LONGEST or not 2000 <= since.year <= until.year < 2100):
            self.add_error("since", _("Choose at most ten years."))
        return found


def days_of(form: DaysForm, at: datetime) -> tuple[date, date]:
    """The form's days, with the first one after them; the usual ones where it has errors."""
    good = form.is_valid() or not {"since", "until"} & form.errors.keys()
    since, until = (form.cleaned_data["since"], form.cleaned_data["until"]) if good else usual(at)
    return since, until + timedelta(days=1)


class SubjectForm(DaysForm):
    """Days, and whose figures: the whole office's, or those of one key of an axis."""

    whose = forms.ChoiceField(label=pgettext_lazy("insight", "Whose figures"))

    def __init__(self, data: dict[str, Any], reach: Reach) -> None:
        super().__init__({"whose": ":".join(reach.home())} | data)
        whole = [(WHOLE, Axis.ALL.label)] if reach.whole else []
        groups = [(axis.label, _choices(axis, reach)) for axis in reach.axes()]
        self.fields["whose"].choices = [*whole, *groups]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, request: HttpRequest, reach: Reach, at: datetime) -> Self:
        """As asked for; the office's, or the first that somebody sees, unless asked otherwise."""
        return cls(asked(request, at), reach)

    def subject(self, reach: Reach) -> tuple[Axis, str]:
        """The axis and its key."""
        if not self.is_valid() and "whose" in self.errors:
            return reach.home()
        axis, _colon, key = self.cleaned_data["whose"].partition(":")
        return Axis(axis), key


def _choices(axis: Axis, reach: Reach) -> list[tuple[str, str]]:
    keys = reach.keys(axis)
    names = shown.names(axis).items()
    return [(f"{axis.value}:{key}", name) for key, name in names if keys is None or key in keys]
