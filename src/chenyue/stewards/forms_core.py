"""Forms of stewards, their terms and the facts of buildings."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import office, text
from chenyue.core.forms import Form
from chenyue.people.models import Role
from chenyue.people.queries import members
from chenyue.places.queries import gazetteer
from chenyue.stewards.lifecycle import EndReason, StewardKind, StewardState, TermRole
from chenyue.stewards.models import Steward

YEARS = range(2000, 2100)


def sensible(day: date) -> None:
    """Refuse a year that was mistyped."""
    if day.year not in YEARS:
        raise ValidationError(_("Check the year."), code="year")


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.validators.append(sensible)


def building_of(told: str) -> int:
    """The one building that these words mean; an entrance or a home means its building."""
    hits = gazetteer().search(told, limit=6)
    exact = [hit for hit in hits if hit.full_name == told]
    best = exact or [hit for hit in hits if hit.score >= hits[0].score]
    found = {place.building_id for hit in best if (place := gazetteer().get(hit.place_id)) and place.building_id}
    if len(found) == 1:
        return found.pop() or 0
    if found:
        names = "、".join(hit.full_name for hit in hits)
        raise ValidationError(_("Several buildings fit: %(names)s. Write one of them."), params={"names": names})
    raise ValidationError(
        _("No building is known as “%(told)s”. Try the estate and the building."), params={"told": told}
    )


class BuildingField(forms.CharField):
    """A building as people write it. Gives its id or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=160, required=False, **kwargs)
        self.widget.attrs |= {"list": "place-options", "autocomplete": "off", "data-place-picker": ""}

    def clean(self, value: Any) -> int | None:
        told = text.clean(super().clean(value) or "")
        return building_of(told) if told else None


class BuildingsField(forms.CharField):
    """Several buildings, separated by any of the usual marks. Gives their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=600, required=False, **kwargs)

    def clean(self, value: Any) -> list[int]:
        return list(dict.fromkeys(building_of(word) for word in words(super().clean(value) or "")))

    def prepare_value(self, value: Any) -> Any:
        """Ids are shown as names; what was typed stays as it was."""
        if not isinstance(value, list | tuple):
            return value
        return "、".join(place.full_name for pk in value if (place := gazetteer().get(pk)))


def words(typed: str) -> list[str]:
    """Words separated by any of the usual marks, without doubles."""
    for mark in ("；", ";", ",", "，", "\n", " "):
        typed = typed.replace(mark, "、")
    return list(dict.fromkeys(word.strip() for word in typed.split("、") if word.strip()))


class WordsField(forms.CharField):
    """Several words. Gives a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [word[:20] for word in words(super().clean(value) or "")]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value


class StewardForm(Form):
    """Somebody who looks after buildings."""

    name = forms.CharField(label=_("Name of the steward"), max_length=40)
    kind = forms.ChoiceField(label=_("Who is it"), choices=StewardKind.choices, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False,
        help_text=_("Never on a door or a card; residents leave words by the code."),
    )  # fmt: skip
    shows_name = forms.BooleanField(label=_("The name stands on the door"), required=False)
    home = BuildingField(label=_("Lives in"), help_text=_("The building, such as 金桂苑3幢."))
    birth_year = forms.IntegerField(label=_("Year of birth"), min_value=1900, max_value=2100, required=False)
    dialects = WordsField(label=_("Dialects"))
    since = DayField(label=_("A steward since"))
    member = forms.TypedChoiceField(
        label=_("Signs in as"), coerce=int, empty_value=None, required=False,
        help_text=_("Without an account nobody can be told and nothing can be seen; words then wait for the office."),
    )  # fmt: skip
    share = forms.IntegerField(
        label=_("Part of a full load, per cent"), min_value=10, max_value=200, help_text=_("Staff often 50.")
    )
    most_buildings = forms.IntegerField(label=_("Buildings, at most"), min_value=1, max_value=200, required=False)
    keeps = BuildingsField(label=_("Must keep"), help_text=_("Buildings that no proposal takes away."))
    avoids = BuildingsField(label=_("Not to give"), help_text=_("Buildings that no proposal gives: a quarrel, kin."))
    moved_on = DayField(label=_("Moved away on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, steward: Steward | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = Steward.objects.exclude(member=None).exclude(pk=steward.pk if steward else 0)
        others = set(taken.values_list("member_id", flat=True))
        free = [(m.pk, f"{m.name}（{m.title or m.username}）") for m in members() if m.pk not in others]
        self.fields["member"].choices = [("", _("no account")), *free]  # type: ignore[attr-defined]


class StewardChoice(forms.ChoiceField):
    """One of the stewards who haven't ended; gives the steward or None."""

    def offer(self, best: list[Any] = (), leave_out: int | None = None) -> None:  # type: ignore[assignment]
        """Fill in the choices, the proposed ones first."""
        rows = Steward.objects.exclude(state=StewardState.ENDED).order_by("name", "pk")
        self._stewards = {row.pk: row for row in rows if row.pk != leave_out}
        first = [pk for pk in best if pk in self._stewards]
        rest = [pk for pk in self._stewards if pk not in first]
        named = {pk: self._stewards[pk].name for pk in first + rest}
        proposed = [(pk, named[pk]) for pk in first]
        choices: list[Any] = [("", "—")]
        choices += (
            [(str(_("Proposed")), proposed), (str(_("All stewards")), [(pk, named[pk]) for pk in rest])]
            if first
            else [(pk, named[pk]) for pk in rest]
        )
        self.choices = choices

    def clean(self, value: Any) -> Steward | None:
        chosen = super().clean(value)
        return self._stewards[int(chosen)] if chosen else None


class TermForm(Form):
    """Somebody answers for a building from a day on."""

    steward = StewardChoice(label=pgettext_lazy("steward", "Steward"))
    role = forms.ChoiceField(label=_("As"), choices=TermRole.choices, widget=forms.RadioSelect, initial="main")
    since = DayField(label=pgettext_lazy("term", "From"))
    until = DayField(
        label=pgettext_lazy("term", "To"), required=False, help_text=_("Only if it is known, or for a substitute.")
    )

    def __init__(self, *args: Any, best: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steward"].offer(best or [])  # type: ignore[attr-defined]


class EndForm(Form):
    """A term ends; or the building goes to somebody else at once."""

    reason = forms.ChoiceField(label=_("Why"), choices=EndReason.choices)
    to = StewardChoice(
        label=_("Who takes over today"),
        required=False,
        help_text=_("Left empty, the building has nobody from then on."),
    )
    on = DayField(label=_("Last day"), required=False, help_text=_("Empty: today. A day ahead is kept in mind."))
    words = forms.CharField(
        label=_("For the next steward"), max_length=2000, required=False, widget=forms.Textarea,
        help_text=_("Keys, habits, who needs a knock. Only the next one and the office read it."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        best: list[int] | None = None,
        leave_out: int | None = None,
        hands_on: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not hands_on:  # a deputy or a substitute: nobody takes over, and nothing goes with it
            del self.fields["to"], self.fields["words"]
            return
        self.fields["to"].offer(best or [], leave_out)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("to") and found.get("on"):
            self.add_error("on", ValidationError(_("Either somebody takes over today, or a last day is set.")))
        return found


class AwayForm(Form):
    """A holiday in one step: others stand in at all buildings."""

    since = DayField(label=_("First day away"))
    until = DayField(label=_("Last day away"))
    by_whom = StewardChoice(
        label=_("Who stands in"), required=False, help_text=_("Left empty: the deputy of each building.")
    )
    words = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, steward: Steward, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_whom"].offer([], steward.pk)  # type: ignore[attr-defined]


class LeaveForm(Form):
    """A steward stops."""

    reason = forms.ChoiceField(label=_("Why"), choices=EndReason.choices)
    on = DayField(label=_("Last day"), required=False, help_text=_("Empty: today."))
    words = forms.CharField(label=_("For those who come next"), max_length=2000, required=False, widget=forms.Textarea)


class FactsForm(Form):
    """What makes a building heavy."""

    elderly_alone = forms.IntegerField(label=_("Homes of elderly people living alone"), min_value=0, max_value=9999)
    disabled = forms.IntegerField(label=_("Homes of disabled people"), min_value=0, max_value=9999)
    tenants = forms.IntegerField(label=_("Rented homes"), min_value=0, max_value=9999)
    dialect = forms.CharField(label=_("Dialect most speak"), max_length=20, required=False)
    counted_on = DayField(label=_("Counted on"), required=False)


class SettingsForm(Form):
    """When somebody should hand on, and what a home counts."""

    steward_age_limit = forms.IntegerField(
        label=_("A successor is looked for from the age of"), min_value=40, max_value=100
    )
    steward_inactive_days = forms.IntegerField(label=_("Inactive after so many days"), min_value=7, max_value=730)
    steward_remind_days = forms.IntegerField(
        label=_("Days before a term ends at which it is said"), min_value=1, max_value=365
    )
    alone = forms.FloatField(label=_("A home of elderly people living alone counts as"), min_value=0, max_value=20)
    disabled = forms.FloatField(label=_("A home of disabled people counts as"), min_value=0, max_value=20)
    tenant = forms.FloatField(label=_("A rented home counts as"), min_value=0, max_value=20)
    balance = forms.IntegerField(label=_("Loads are even within, per cent"), min_value=1, max_value=100)
    steward_role = forms.ChoiceField(label=_("Role that a term gives at its building"))

    def __init__(self, *args: Any, chooses_role: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if chooses_role:
            self.fields["steward_role"].choices = list(Role.objects.order_by("name").values_list("code", "name"))  # type: ignore[attr-defined]
        else:
            del self.fields["steward_role"]


LABELS = {name: field.label for name, field in SettingsForm.base_fields.items() if name.startswith("steward_")}
office.label(LABELS | {"steward_weights": _("How heavy a home is"), "steward_balance": _("Loads are even within")})
