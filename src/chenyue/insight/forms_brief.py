"""Forms of briefs: which days, the sentences, why one is taken back, who gets them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import office
from chenyue.core.forms import Form
from chenyue.insight.brief.acts import LONGEST, field_of
from chenyue.insight.brief.changes import text_of
from chenyue.insight.lifecycle import BriefKind
from chenyue.insight.models import Brief
from chenyue.people.queries import members_with
from chenyue.places.queries import communities


class AskForm(Form):
    """Of which days, and of what."""

    kind = forms.ChoiceField(label=pgettext_lazy("brief", "Kind"), choices=BriefKind.choices, widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("A day in it"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Of a week or a month, any of its days."),
    )  # fmt: skip
    community = forms.ChoiceField(
        label=pgettext_lazy("brief", "Of"), required=False, help_text=_("The whole office, or one community.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", pgettext_lazy("brief", "Whole office"))]
        self.fields["community"].choices = whole + list(communities())  # type: ignore[attr-defined]


class SentencesForm(Form):
    """Each sentence in a box of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        self.brief = brief
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            field_of(row[0]): forms.CharField(
                label=_("Sentence %(n)d") % {"n": n}, required=False, initial=text_of(row), max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="" if row[2] is None else _("As written: %(words)s") % {"words": row[1]},
            )
            for n, row in enumerate(self.brief.sentences, start=1)
        }  # fmt: skip

    def texts(self) -> dict[str, str]:
        """What was typed, by the key of the sentence."""
        return {row[0]: self.cleaned_data.get(field_of(row[0]), "") for row in self.brief.sentences}


class WordsForm(Form):
    """Why."""

    words = forms.CharField(label=_("Why it is taken back"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReadersForm(Form):
    """Which are written by themselves, when, and who gets them."""

    on = forms.MultipleChoiceField(
        label=_("Written by themselves"), choices=BriefKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    hour = forms.IntegerField(
        label=_("Week and month: not before this hour"), min_value=0, max_value=23,
        help_text=_("The daily sheet comes when the last sitting of the day has closed."),
    )  # fmt: skip

    def more_fields(self) -> dict[str, forms.Field]:
        people = [
            (str(member.pk), f"{member.name}（{member.unit.name}）" if member.unit else member.name)
            for member in members_with("insight.see")
        ]
        return {
            kind.value: forms.MultipleChoiceField(
                label=_("Who gets it: %(kind)s") % {"kind": kind.label}, choices=people, required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            for kind in BriefKind
        }  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The settings of the office."""
        typed = self.cleaned_data
        return {
            "briefs": {kind.value: kind.value in typed["on"] for kind in BriefKind},
            "brief_hour": typed["hour"],
            "brief_readers": {kind.value: sorted(int(pk) for pk in typed[kind.value]) for kind in BriefKind},
        }


def present() -> dict[str, Any]:
    """The settings as the form shows them."""
    chosen = office.get("brief_readers")
    found: dict[str, Any] = {kind.value: [str(pk) for pk in chosen.get(kind.value, [])] for kind in BriefKind}
    return found | {"on": [kind for kind, on in office.get("briefs").items() if on], "hour": office.get("brief_hour")}


office.label(
    {"briefs": _("Briefs written by themselves"), "brief_hour": _("Hour of the briefs")}
    | {"brief_readers": _("Who gets briefs")}
)
