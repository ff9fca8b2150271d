"""Forms of hours, complaints, calls and certificates."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people import masking
from chenyue.volunteering import checking, looks_proofs
from chenyue.volunteering.fields_deeds import DayField, MomentField, choose, one_of, some_of
from chenyue.volunteering.models import Activity, Volunteer

Area = forms.Textarea
GRADES = [("", pgettext_lazy("hours", "All")), ("A", "A"), ("B", "B"), ("C", "C")]
MOST_NUMBERS = 60  # of volunteers typed at once


class NumbersField(forms.CharField):
    """Numbers of volunteers, with commas, spaces or lines between them. Gives them in capitals."""

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value) or ""
        for mark in "，,、；;\n\r\t":
            typed = typed.replace(mark, " ")
        found = list(dict.fromkeys(part.upper() for part in typed.split()))
        if len(found) > MOST_NUMBERS or any(len(one) > 20 for one in found):
            raise forms.ValidationError(_("Numbers such as V000012, at most sixty of them."), code="numbers")
        return found


class TypedForm(Form):
    """Hours that an organiser writes down."""

    people = some_of(_("Who served"))
    numbers = NumbersField(label=_("Others, by number"), required=False, help_text=_("Such as V000012、V000031."))
    starts_at = MomentField(label=pgettext_lazy("hours", "From"))
    ends_at = MomentField(label=pgettext_lazy("hours", "Until"))
    break_minutes = forms.IntegerField(label=_("Minutes of break"), min_value=0, max_value=600, initial=0)
    words = forms.CharField(
        label=_("What was done, and why it wasn't scanned"), max_length=300, widget=Area,
        help_text=_("A second person reads it and decides."),
    )  # fmt: skip
    served_name = forms.CharField(label=_("Name of whom it served"), max_length=60, required=False)
    served_phone = forms.CharField(
        label=_("Telephone of whom it served"), max_length=40, required=False,
        help_text=_("They are asked whether it is true. Without it, somebody calls or takes a signature."),
    )  # fmt: skip

    def __init__(self, *args: Any, activity: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed: dict[int, Volunteer] = {}
        if activity is None:
            del self.fields["people"]
            return
        rows = activity.sign_ups.exclude(state="withdrawn").select_related("volunteer__resident")
        self.listed = {row.volunteer_id: row.volunteer for row in rows.order_by("at", "pk")}
        choose(self, "people", [(pk, f"{one.number} {named(one)}") for pk, one in self.listed.items()])

    def volunteers(self) -> list[Volunteer]:
        """Who was chosen. Raises ValidationError naming a number that nobody has."""
        typed = self.cleaned_data
        found = [self.listed[pk] for pk in typed.get("people", [])]
        rows = {one.number: one for one in Volunteer.objects.filter(number__in=typed["numbers"])}
        missing = [number for number in typed["numbers"] if number not in rows]
        if missing:
            raise forms.ValidationError(
                {"numbers": str(_("No volunteer has this number: %(number)s")) % {"number": "、".join(missing[:5])}}
            )
        return [*found, *rows.values()]


def named(one: Volunteer) -> str:
    """A volunteer's name for lists."""

    return masking.mask_name(one.resident.name)


class DeskScanForm(Form):
    """In or out by name and the last four digits, at the organiser's device."""

    name = forms.CharField(label=_("Name of the volunteer"), max_length=60)
    last_four = forms.CharField(label=_("Last four digits of the telephone"), max_length=4, min_length=4)
    way = forms.ChoiceField(
        label=_("Comes or goes"),
        choices=[("in", pgettext_lazy("scan", "Comes")), ("out", pgettext_lazy("scan", "Goes"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_four"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class DecideForm(Form):
    """What a second person decides, with the reason where one is asked for."""

    reason = forms.CharField(label=pgettext_lazy("hours", "Reason"), max_length=300, required=False, widget=Area)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ConfirmedForm(Form):
    """What whoever was served said to staff."""

    how = forms.ChoiceField(
        label=_("How"), choices=[("phone", _("By telephone")), ("paper", _("On paper, signed"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    true = forms.ChoiceField(
        label=_("Is it true?"), choices=[("yes", _("Yes, it is true")), ("no", _("No, it isn't so"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(label=_("Who said it, and what"), max_length=300, widget=Area)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AnswerForm(Form):
    """What whoever was served says on the page of the link."""

    true = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    words = forms.CharField(label=_("What is wrong? (may stay empty)"), max_length=300, required=False, widget=Area)


class CounterForm(Form):
    """A counter-entry."""

    minutes = forms.IntegerField(
        label=_("Minutes to take back"), required=False, min_value=1, max_value=480,
        help_text=_("Empty: all of them."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason, as the volunteer reads it"), max_length=300, widget=Area)


class ComplaintForm(Form):
    """A complaint about hours."""

    words = forms.CharField(label=_("What is said to be wrong"), max_length=1000, widget=Area)


class PleaForm(Form):
    """The decision about a complaint."""

    upheld = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("It is right")), ("no", _("It isn't right"))], widget=forms.RadioSelect
    )
    minutes = forms.IntegerField(
        label=_("Minutes to take back"), required=False, min_value=0, max_value=480,
        help_text=_("If it is right. Empty: all of them; none where the volunteer asked to be corrected."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason, as the volunteer reads it"), max_length=500, widget=Area)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CallForm(Form):
    """What a call said."""

    result = forms.ChoiceField(
        label=_("What the call said"), widget=forms.RadioSelect,
        choices=[(name, looks_proofs.RESULTS[name][0]) for name in checking.RESULTS],
    )  # fmt: skip
    words = forms.CharField(label=_("Who was called, and what they said"), max_length=300, required=False, widget=Area)


class LedgerForm(Form):
    """Which lines of the ledger of hours."""

    first = DayField(label=pgettext_lazy("hours", "From"), required=False)
    last = DayField(label=pgettext_lazy("hours", "Until"), required=False)
    volunteer = forms.CharField(label=_("Number of the volunteer"), max_length=20, required=False)
    grade = forms.ChoiceField(label=_("Evidence"), required=False, choices=GRADES)


class ExportForm(Form):
    """An export of hours: its days, its kind, and what for."""

    first = DayField(label=pgettext_lazy("hours", "From"))
    last = DayField(label=pgettext_lazy("hours", "Until"))
    kind = forms.ChoiceField(label=_("File"), choices=[("xlsx", "Excel"), ("csv", "CSV")], widget=forms.RadioSelect)
    whole = forms.BooleanField(
        label=_("With names, ID numbers and telephones"), required=False,
        help_text=_("Only for handing over to the named national system; that you took them, and why, is kept."),
    )  # fmt: skip
    purpose = forms.CharField(label=_("What for"), max_length=200)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", _("It ends before it begins."))
        return self.cleaned_data


class CertificateForm(Form):
    """Asking for a certificate."""

    volunteer = forms.CharField(label=_("Number of the volunteer"), max_length=20)
    from_on = DayField(label=_("Hours from"))
    until_on = DayField(label=_("Hours until"))
    unit = one_of(_("Issued by"), required=True)
    remarks = forms.CharField(label=pgettext_lazy("certificate", "Remarks"), max_length=300, required=False)


class NoticeForm(Form):
    """Who signs a certificate."""

    head = forms.CharField(label=_("Responsible person, who signs"), max_length=40)
    clerk = forms.CharField(label=_("Person handling it, who signs too"), max_length=40)
    contact = forms.CharField(label=_("Contact of the issuer"), max_length=80)
    remarks = forms.CharField(label=pgettext_lazy("certificate", "Remarks"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NameForm(Form):
    """A name that somebody wants confirmed."""

    name = forms.CharField(label=_("Name on the paper"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
