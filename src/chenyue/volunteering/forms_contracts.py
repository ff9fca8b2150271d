"""Forms of suppliers, contracts, services, slots, bookings and settlements."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.volunteering import amounts
from chenyue.volunteering.booking_terms import DEFAULTS
from chenyue.volunteering.models import Contract, Service, Settlement, Supplier
from chenyue.volunteering.slotting import Series

YEARS = range(2000, 2100)
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip
PART: dict[str, Any] = {"min_value": 0, "max_value": 100}


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and found.year not in YEARS:
            raise ValidationError(_("Check the year."), code="year")
        return found


class AmountField(forms.CharField):
    """An amount as people type it, read by one of `amounts`' readers into a whole number."""

    def __init__(self, read: Callable[..., int], *, zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20} | kwargs)
        self.read, self.zero = read, zero
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.read(typed, zero=self.zero)
        except Refusal as refusal:
            raise ValidationError(str(refusal.sentence), code=refusal.code) from refusal


class SupplierForm(Form):
    """A supplier and its licence."""

    name = forms.CharField(label=pgettext_lazy("supplier", "Name"), max_length=80)
    licence = forms.CharField(
        label=_("Licence: kind and number"), max_length=80, required=False,
        help_text=_("Without a valid licence no contract is signed and no time is offered."),
    )  # fmt: skip
    licence_until = DayField(label=_("Licence valid until"), required=False)
    person = forms.CharField(label=_("Person to talk to"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone of the supplier"), max_length=40, required=False)
    active = forms.BooleanField(label=_("We work with this supplier"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PinForm(Form):
    """The number that opens the supplier's page."""

    pin = forms.CharField(
        label=_("Number of 6 to 12 digits"), max_length=12, widget=forms.PasswordInput(render_value=False),
        help_text=_("Tell it to the supplier in person. It is kept so that nobody can read it again."),
    )  # fmt: skip
    again = forms.CharField(label=_("Once more"), max_length=12, widget=forms.PasswordInput(render_value=False))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("pin") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two numbers differ."))
        return self.cleaned_data


class ContractForm(Form):
    """A contract as it stands on paper, with its words about late and missed bookings."""

    number = forms.CharField(label=_("Number on paper"), max_length=40)
    title = forms.CharField(label=pgettext_lazy("contract", "Title"), max_length=80)
    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    starts_on = DayField(label=_("From this day on"))
    ends_on = DayField(label=_("Last day"))
    budget = AmountField(amounts.read_yuan, label=_("Budget in yuan"))
    cancel_hours = forms.IntegerField(
        label=_("Cancelling is free until so many hours before"), min_value=0, max_value=240, initial=24
    )
    late_percent = forms.IntegerField(
        label=_("Later: percent of the credits given back"), initial=DEFAULTS["late"][0][1], **PART
    )
    last_hours = forms.IntegerField(
        label=_("Within so many hours before nothing is given back"), min_value=0, max_value=240,
        initial=DEFAULTS["late"][0][0],
    )  # fmt: skip
    second_percent = forms.IntegerField(
        label=_("Second missed booking: percent given back"), initial=DEFAULTS["missed"][1], **PART,
        help_text=_("The first within half a year is a warning; from the third on nothing comes back, and a pause of"
                    " thirty days follows."),
    )  # fmt: skip
    missed_percent = forms.IntegerField(
        label=_("Of the price, percent owed to the supplier for a missed booking"), initial=0, **PART
    )
    file = forms.FileField(label=_("The signed paper (PDF or photograph)"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, suppliers: Iterable[Supplier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [(row.pk, row.name) for row in suppliers]  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What the act takes, but for number, supplier, file and version."""
        data = self.cleaned_data
        terms = {
            "late": [[data["last_hours"], data["late_percent"]]],
            "missed": [100, data["second_percent"], 0],
        }
        names = ("title", "starts_on", "ends_on", "budget", "cancel_hours", "missed_percent")
        return {name: data[name] for name in names} | {"terms": terms}

    def all_details(self, suppliers: Iterable[Supplier]) -> dict[str, Any]:
        """The same with number, supplier, file and version."""
        data = self.cleaned_data
        supplier = next(row for row in suppliers if row.pk == data["supplier"])
        uploads = [data["file"]] if data.get("file") else []
        found = {"number": data["number"], "supplier": supplier, "uploads": uploads, "version": data["version"]}
        return found | self.details()


def initial_contract(row: Contract) -> dict[str, Any]:
    """What the form of a draft shows at first."""
    held = DEFAULTS | row.terms
    return {
        "number": row.number, "title": row.title, "supplier": row.supplier_id, "starts_on": row.starts_on,
        "ends_on": row.ends_on, "budget": amounts.yuan(row.budget), "cancel_hours": row.cancel_hours,
        "late_percent": held["late"][0][1], "last_hours": held["late"][0][0], "second_percent": held["missed"][1],
        "missed_percent": row.missed_percent, "version": row.version,
    }  # fmt: skip


class ServiceForm(Form):
    """A line of a contract."""

    name = forms.CharField(label=_("What is bought"), max_length=60)
    words = forms.CharField(label=_("What people should know"), max_length=300, required=False, widget=forms.Textarea)
    price = AmountField(amounts.read_yuan, label=_("Price of one in yuan"))
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    credits = AmountField(amounts.read_credits, label=_("Credits for one"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=30)
    place_words = forms.CharField(label=_("Where"), max_length=120, required=False)
    per_month = forms.IntegerField(
        label=_("For one person a month at most"), min_value=0, max_value=100, initial=2, help_text=_("0: no limit.")
    )
    elder_hours = forms.IntegerField(
        label=_("First hours after publishing, for the old only"), min_value=0, max_value=720, initial=24
    )
    elder_age = forms.IntegerField(label=_("Old is, from this age on"), min_value=18, max_value=120, initial=60)


def initial_service(row: Service) -> dict[str, Any]:
    """What the form of a service shows at first."""
    found = {name: getattr(row, name) for name in ServiceForm.base_fields}
    return found | {"price": amounts.yuan(row.price), "credits": amounts.credits_words(row.credits)}


class SlotsForm(Form):
    """A series of slots, or a single one."""

    service = forms.TypedChoiceField(label=pgettext_lazy("contract", "Service"), coerce=int)
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty: only the first day."))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these weekdays"), coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None ticked: each day."),
    )  # fmt: skip
    begins = forms.TimeField(
        label=_("First begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="09:00"
    )
    minutes = forms.IntegerField(label=_("Minutes of one"), min_value=5, max_value=480, initial=30)
    in_a_row = forms.IntegerField(label=_("So many one after the other"), min_value=1, max_value=48, initial=1)
    gap = forms.IntegerField(label=_("Minutes between two"), min_value=0, max_value=240, initial=0)
    capacity = forms.IntegerField(label=_("So many people at once"), min_value=1, max_value=500, initial=1)
    holidays = forms.BooleanField(label=_("Also on public holidays"), required=False)

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [(row.pk, row.name) for row in services]  # type: ignore[attr-defined]

    def series(self) -> Series:
        """The series that was typed."""
        data = self.cleaned_data
        return Series(
            first=data["first"], last=data["last"] or data["first"], begins=data["begins"], minutes=data["minutes"],
            in_a_row=data["in_a_row"], gap=data["gap"], weekdays=tuple(data["weekdays"]), holidays=data["holidays"],
        )  # fmt: skip


class CapacityForm(Form):
    """How many may come at once."""

    capacity = forms.IntegerField(label=_("So many people at once"), min_value=1, max_value=500)


class WhyForm(Form):
    """A sentence of why, which people read."""

    reason = forms.CharField(label=_("Why, as people read it"), max_length=200, widget=forms.Textarea)


class MaybeWhyForm(Form):
    """The same, where it may be left out."""

    reason = forms.CharField(label=_("Why, if it was said"), max_length=200, required=False, widget=forms.Textarea)


class CutForm(Form):
    """A contract is cut short."""

    last = DayField(label=_("Last day that counts"))
    reason = forms.CharField(label=_("Why, as people read it"), max_length=300, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PleaForm(Form):
    """What somebody says about a booking."""

    words = forms.CharField(label=_("What was said, in their own words"), max_length=1000, widget=forms.Textarea)


class DecideForm(Form):
    """What is decided about it."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Uphold: everything goes back")), ("no", _("Refuse: it stays as it is"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Why, as people read it"), max_length=500, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LookForm(Form):
    """Why contact data is needed."""

    reason = forms.CharField(label=_("Why you need to see it"), max_length=200)


class MonthForm(Form):
    """A month to be drawn up, with the supplier's invoice."""

    month = forms.RegexField(
        label=pgettext_lazy("settlement", "Month"), regex=r"^20\d\d-(0[1-9]|1[0-2])$", max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
        error_messages={"invalid": _("Write the month such as 2026-11.")},
    )  # fmt: skip
    claimed = AmountField(amounts.read_yuan, zero=True, required=False, label=_("Sum on the invoice in yuan"))
    invoice = forms.CharField(label=_("Number of the invoice"), max_length=60, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        self.services = list(services)
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        """How many of each service the invoice names."""
        return {
            f"count_{row.pk}": forms.IntegerField(
                label=_("“%(name)s” on the invoice, how many") % {"name": row.name}, min_value=0, max_value=1_000_000,
                required=False,
            )
            for row in self.services
        }  # fmt: skip

    def counts(self) -> dict[str, int]:
        """What the invoice claims, by the id of the service."""
        found = {str(row.pk): self.cleaned_data.get(f"count_{row.pk}") for row in self.services}
        return {key: count for key, count in found.items() if count is not None}

    def day(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


class AgreeForm(Form):
    """What was found out about the differences from the invoice."""

    words = forms.CharField(
        label=_("About the differences"), max_length=300, required=False, widget=forms.Textarea,
        help_text=_("Needed where the invoice differs."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PaidForm(Form):
    """The day on which a month was paid."""

    on = DayField(label=_("Paid on"))


class EnterForm(Form):
    """A supplier opens its page."""

    pin = forms.CharField(
        label=pgettext_lazy("supplier", "Your number"), max_length=40,
        widget=forms.PasswordInput(render_value=False, attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class CodeForm(Form):
    """The code of a voucher as it is read out."""

    code = forms.CharField(
        label=_("Code of the voucher"), max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autocomplete"] = "off"


def initial_month(row: Settlement | None, month: str) -> dict[str, Any]:
    """What the form of a month shows at first."""
    if row is None:
        return {"month": month}
    claimed = "" if row.claimed is None else amounts.yuan(row.claimed)
    return {"month": month, "claimed": claimed, "invoice": row.invoice, "version": row.version}
