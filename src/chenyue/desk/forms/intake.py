"""The 30-second form for an appeal that a member takes down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Channel, Result
from chenyue.catalogue.models import Urgency
from chenyue.core.forms import Form
from chenyue.desk.forms.fields import CategoryField, FilesField, PlaceField, WordsField

TAKEN_BY_HAND = [Channel.RECEPTION, Channel.PHONE, Channel.STEWARD, Channel.HOTLINE, Channel.WECOM, Channel.PAPER]
SETTLE = "settle"


class IntakeForm(Form):
    """Words are enough; everything else helps. With `act=settle` the matter is answered in the same sitting."""

    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    name = forms.CharField(label=_("Person's name"), max_length=40, required=False)
    words = WordsField(label=_("What is it about"), rows=5)
    place = PlaceField(strict=False, label=_("Where is it"))
    channel = forms.ChoiceField(label=_("Came by"), choices=[(c.value, c.label) for c in TAKEN_BY_HAND])
    category_code = CategoryField(required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=[("", _("As the words say")), *Urgency.choices], required=False
    )
    external_number = forms.CharField(label=_("Number there"), max_length=60, required=False)
    consent_contact = forms.BooleanField(label=_("May be contacted"), required=False, initial=True)
    confidential = forms.BooleanField(label=_("Asks for confidentiality"), required=False)
    join_number = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    attached = FilesField(label=_("Photos or PDF"))
    act = forms.ChoiceField(choices=[("hand_on", ""), (SETTLE, "")], required=False)
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices[:3], required=False)
    done = WordsField(label=_("What was done"), required=False, rows=2)
    told = WordsField(label=_("What the resident was told"), required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("act") == SETTLE:
            for name in ("done", "told"):
                if not found.get(name):
                    self.add_error(name, ValidationError(_("Settling at once needs this too.")))
            found["result"] = found.get("result") or Result.RESOLVED.value
        return found

    @property
    def settles(self) -> bool:
        return bool(self.cleaned_data.get("act") == SETTLE)

    def facts(self) -> dict[str, Any]:
        """What was told, as `cases.actions.file_appeal` takes it."""
        found, where = self.cleaned_data, self.cleaned_data["place"]
        as_told = ("words", "channel", "consent_contact", "confidential", "external_number")
        given = ("category_code", "urgency", "join_number")
        return {
            **{name: found[name] for name in as_told},
            **{name: found[name] or None for name in given},
            "place_id": where.place_id,
            "room": where.room,
            "place_told": "" if where.place_id else where.told,
            "attachments": found["attached"],
        }
