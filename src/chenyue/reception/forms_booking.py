"""Forms of residents: booking a sitting, and arriving at the kiosk."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.people import personal
from chenyue.people.residents import consent_text
from chenyue.reception.booking import Person
from chenyue.reception.models import Priority
from chenyue.reception.queue.tickets import MOST_PEOPLE, Slot

PRIORITIES = [Priority.NONE, Priority.ELDERLY, Priority.DISABLED, Priority.PREGNANT]  # what one may say of oneself
WAITLIST = "waiting"


class BookForm(Form):
    """When, and whom to call; only the time is asked for."""

    slot = forms.ChoiceField(label=_("At what time?"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=40,
        help_text=_("The screen at the reception shows the family name at most."),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("With it you can say at the kiosk that you are there, without a slip."),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("We write if the sitting is called off or a place becomes free.")
    )
    party = forms.IntegerField(label=_("How many people come?"), initial=1, min_value=1, max_value=MOST_PEOPLE)
    priority = forms.ChoiceField(
        label=_("Should you go earlier?"),
        choices=[(p.value, p.label) for p in PRIORITIES],
        required=False,
        widget=forms.RadioSelect,
    )
    consent_contact = forms.BooleanField(label=_("I agree that you contact me about this visit."), required=False)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False)  # people never see it; programs fill it in

    def __init__(self, *args: Any, free: list[Slot], full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slot.at.isoformat(), slot_words(slot)) for slot in free]
        if full:
            choices = [(WAITLIST, gettext("Put me on the waiting list: I come if a place becomes free"))]
            self.fields["slot"].initial = WAITLIST
            self.fields["slot"].label = _("All times are taken")
        self.fields["slot"].choices = choices  # type: ignore[attr-defined]
        self.fields["slot"].error_messages["invalid_choice"] = _(
            "This time was taken meanwhile. Please choose another one; everything else is still here."
        )

    def clean_phone(self) -> str:
        try:
            return personal.phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        asked = (data.get("phone") or data.get("email")) and consent_text("contact") is not None
        if asked and not data.get("consent_contact"):
            self.add_error(
                "consent_contact", _("Tick here so that we may use your number or address, or take them out.")
            )
        if data.get("website"):
            raise forms.ValidationError(_("Something filled in a field that people can't see. Please send it again."))
        return data

    @property
    def waits(self) -> bool:
        """Whether the waiting list was chosen."""
        return bool(self.cleaned_data["slot"] == WAITLIST)

    @property
    def slot_at(self) -> datetime:
        """The chosen time."""
        return datetime.fromisoformat(self.cleaned_data["slot"])

    def person(self) -> Person:
        """Who comes, as `booking` takes it."""
        data = self.cleaned_data
        place = data["place"]
        place_id = int(place) if place.isdecimal() and len(place) < 10 else None
        return Person(data["name"], data["phone"], data["email"], data["party"], data["priority"], place_id)


def slot_words(slot: Slot) -> str:
    """`07:15（还有 2 个位置）`."""
    left = ngettext("%(n)d place left", "%(n)d places left", slot.free) % {"n": slot.free}
    return f"{timezone.localtime(slot.at):%H:%M} · {left}"


class ArriveForm(Form):
    """Number of a booked ticket, or the telephone it was booked with."""

    said = forms.CharField(
        label=_("Your number, such as A005, or the telephone you booked with"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "data-pad": ""}),
    )
