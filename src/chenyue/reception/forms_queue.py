"""Forms of the reception: a ticket at the desk, the visit sheet, closing, cancelling, bringing to a unit."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.intake import ReporterData
from chenyue.cases.models import Result
from chenyue.core import text
from chenyue.core.forms import Form
from chenyue.people.queries import units
from chenyue.places.queries import gazetteer
from chenyue.reception.models import Priority
from chenyue.reception.visits import Companion, Matter, Sheet

PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}")
PRIORITIES = [(p.value, p.label) for p in Priority if p != Priority.UNHEARD]


@dataclass(frozen=True)
class Where:
    """What a place field was found to mean; a place that nobody knows is kept as it was told."""

    place_id: int | None = None
    room: str = ""
    told: str = ""


def where(told: str) -> Where:
    """The one place these words mean, or the words themselves."""
    told = text.clean(told)
    hits = gazetteer().search(told, limit=6) if told else []
    exact = [hit for hit in hits if told in (hit.full_name, hit.full_name + hit.room)]
    best = exact or [hit for hit in hits if hit.score >= hits[0].score]
    return Where(best[0].place_id, best[0].room, told) if len(best) == 1 else Where(told=told)


class WhereField(forms.CharField):
    """A place in words, pinyin initials or `3-2-401`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=160, required=False, **kwargs)
        self.widget.attrs |= {"list": "place-options", "autocomplete": "off", "data-place-picker": ""}

    def clean(self, value: Any) -> Where:
        return where(super().clean(value) or "")


class TicketForm(Form):
    """A ticket for somebody at the desk: nothing is asked that isn't needed."""

    called_as = forms.CharField(label=pgettext_lazy("visitor", "Called"), max_length=40, required=False)
    priority = forms.ChoiceField(label=_("Goes earlier"), choices=PRIORITIES, required=False)
    party = forms.IntegerField(label=_("People together"), min_value=1, max_value=200, required=False, initial=1)

    def facts(self) -> dict[str, Any]:
        """As `take_ticket` takes them."""
        found = self.cleaned_data
        return {"called_as": found["called_as"], "priority": found["priority"], "party": found["party"] or 1}


class SheetForm(Form):
    """The visit sheet. Words make an appeal; without them, what was said or settled stays on the sheet."""

    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    name = forms.CharField(label=_("Person's name"), max_length=40, required=False)
    words = forms.CharField(label=_("What is it about"), max_length=8000, required=False, widget=forms.Textarea)
    place = WhereField(label=_("Where is it"))
    told = forms.CharField(
        label=_("Settled at once: what the visitor was told"), max_length=4000, required=False, widget=forms.Textarea
    )
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices[:3], required=False)
    companions = forms.CharField(
        label=_("Came with"), max_length=600, required=False, widget=forms.Textarea,
        help_text=_("One person a line, name and telephone; at most five speak for a group."),
    )  # fmt: skip
    said = forms.CharField(
        label=_("Said, and belongs to no appeal"), max_length=4000, required=False, widget=forms.Textarea,
        help_text=_("Kept encrypted on this sheet; no unit reads it."),
    )  # fmt: skip
    confidential = forms.BooleanField(label=_("Asks for confidentiality"), required=False)
    join_number = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    act = forms.ChoiceField(choices=[("finish", ""), ("more", "")], required=False)

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        self.known = known  # the resident of the ticket, whose telephone needn't be asked again
        super().__init__(*args, **kwargs)
        for name, rows in (("words", "4"), ("told", "2"), ("companions", "2"), ("said", "2")):
            self.fields[name].widget.attrs["rows"] = rows

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not any(found.get(name) for name in ("words", "told", "said")) and not self.errors:
            self.add_error("words", ValidationError(_("Write what it is about, or what was said."), code="empty"))
        if found.get("told") and not found.get("words"):
            self.add_error("words", ValidationError(_("Write what it is about, too."), code="empty"))
        return found

    @property
    def finishes(self) -> bool:
        return bool(self.cleaned_data.get("act") != "more")

    def sheet(self) -> Sheet:
        """What was written, as `visits.write_visit` takes it."""
        found, place = self.cleaned_data, self.cleaned_data["place"]
        facts = {
            "place_id": place.place_id,
            "room": place.room,
            "place_told": "" if place.place_id else place.told,
            "consent_contact": bool(self._reporter()),
            "confidential": found["confidential"],
            "join_number": found["join_number"] or None,
        }
        matter = None
        if found["words"]:
            result = found["result"] or Result.RESOLVED.value
            matter = Matter(found["words"], facts, told=found["told"], result=result)
        return Sheet(
            reporter=self._reporter(), matter=matter, companions=companions(found["companions"]), said=found["said"],
            place_id=place.place_id,
        )  # fmt: skip

    def _reporter(self) -> ReporterData | None:
        found = self.cleaned_data
        if found["phone"] or (found["name"] and self.known is None):
            return ReporterData(name=found["name"], phone=found["phone"])
        if self.known is not None:  # as they are on record; nothing of it was shown
            return ReporterData(name=self.known.name, phone=self.known.phone, email=self.known.email)
        return None


def companions(told: str) -> list[Companion]:
    """One person a line: a name, and a telephone if there is one."""
    found = []
    for line in told.splitlines():
        number = PHONE.search(line)
        name = line.replace(number.group(), "") if number else line
        found.append(Companion(name.strip(" ,，、;；:：\t"), number.group().strip() if number else ""))
    return [one for one in found if one.name or one.phone]


class CloseForm(Form):
    """The end of a sitting, in a few words of the one who closes it."""

    words = forms.CharField(
        label=_("Remarks on the sitting"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CancelForm(Form):
    """Why a sitting is called off, as those who came will read it."""

    reason = forms.CharField(label=_("Reason, as visitors will read it"), max_length=200)


class UnitForm(Form):
    """To whom a visitor is brought."""

    unit: Any = forms.ModelChoiceField(label=_("Bring to"), queryset=units())
