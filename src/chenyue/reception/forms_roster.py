"""Forms of the roster."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people.queries import members
from chenyue.reception.forms_venues import DayField
from chenyue.reception.models import Leave, RosterPerson, Venue
from chenyue.reception.rostering.rules import OfficeRules
from chenyue.reception.timetable import WEEKDAYS

PARTS = [("", _("morning and evening")), ("early", _("in the morning")), ("evening", _("in the evening"))]


class WordsField(forms.CharField):
    """Several words, separated by any of the usual marks. Gives a list without doubles."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        typed = str(super().clean(value) or "")
        for mark in ("；", ";", "、", ",", "，", "\n"):
            typed = typed.replace(mark, " ")
        return list(dict.fromkeys(word[:20] for word in typed.split()))

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value


class AskForm(Form):
    """Days to be planned, and how."""

    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    how = forms.ChoiceField(
        label=_("How to plan"),
        choices=[
            ("new", _("Plan anew: one click, the fairest roster")),
            ("replan", _("Mend: leave and absences are worked in, as few names as possible change")),
            ("hand", _("By hand: a copy of what stands, to be changed name by name")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    seconds = forms.IntegerField(
        label=_("Compute for at most so many seconds"), min_value=5, max_value=600, initial=60,
        help_text=_("You can stop it at any time; the best so far is kept."),
    )  # fmt: skip


class PersonForm(Form):
    """Somebody who takes turns."""

    member = forms.TypedChoiceField(label=_("Member"), coerce=int)
    lead = forms.BooleanField(label=_("May lead a sitting (leading cadre)"), required=False)
    skills = WordsField(label=_("Skills"), help_text=_("Such as 法律、调解; the rules say which must be there."))
    dialects = WordsField(label=_("Dialects"), help_text=_("Such as 溧阳话; written as at the venue."))
    venues = forms.ModelMultipleChoiceField(
        label=_("Venues that they know"), queryset=Venue.objects.filter(active=True), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all are alike."),
    )  # fmt: skip
    min_turns = forms.IntegerField(label=_("Turns a month, at least"), min_value=0, max_value=31)
    max_turns = forms.IntegerField(label=_("Turns a month, at most"), min_value=0, max_value=31)
    share = forms.IntegerField(label=_("Part of a full load, per cent"), min_value=10, max_value=200)
    barred = forms.MultipleChoiceField(label=_("Can never come"), required=False, widget=forms.CheckboxSelectMultiple)
    active = forms.BooleanField(label=_("On the roster"), required=False)

    def __init__(self, *args: Any, person: RosterPerson | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = set(RosterPerson.objects.values_list("member_id", flat=True))
        free = [(m.pk, f"{m.name}（{m.unit.name}）" if m.unit else m.name) for m in members() if m.pk not in taken]
        if person is not None:
            del self.fields["member"]
        else:
            self.fields["member"].choices = [("", "—"), *free]  # type: ignore[attr-defined]
        times = [("early", _("early")), ("evening", pgettext_lazy("time of day", "evening"))]
        anyday = [(f"*:{part}", _("any day, %(part)s") % {"part": word}) for part, word in times]
        days = [(f"{i}:{part}", f"{day} {word}") for i, day in enumerate(WEEKDAYS) for part, word in times]
        self.fields["barred"].choices = anyday + days  # type: ignore[attr-defined]


class LeaveForm(Form):
    """Days on which somebody can't be planned."""

    kind = forms.ChoiceField(label=_("Why away"), choices=Leave.Kind.choices)
    first = DayField(label=_("First day away"))
    last = DayField(label=_("Last day away"))
    words = forms.CharField(label=_("A word to those who plan"), max_length=120, required=False)


class WishForm(Form):
    """Rather, or rather not."""

    wanted = forms.TypedChoiceField(
        label=_("My wish"),
        choices=[("", _("rather not")), ("1", _("rather"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
    )
    day = DayField(label=_("On this one day"), required=False)
    weekday = forms.TypedChoiceField(
        label=_("or every week on"),
        choices=[("", "—"), *enumerate(WEEKDAYS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    part = forms.ChoiceField(label=_("Time of day"), choices=PARTS, required=False)
    weight = forms.TypedChoiceField(
        label=_("How much"), choices=[(1, _("a little")), (2, _("rather much")), (3, _("very much"))], coerce=int
    )


class SwapForm(Form):
    """Whom to ask, and for which turn of theirs."""

    other = forms.ModelChoiceField(label=_("Whom do you ask?"), queryset=RosterPerson.objects.none(), empty_label="—")
    other_shift = forms.TypedChoiceField(
        label=_("For a turn of theirs"), required=False, coerce=int, empty_value=None,
        help_text=_("None: they take your turn without one in return."),
    )  # fmt: skip
    words = forms.CharField(label=_("A word to them"), max_length=120, required=False)


class CorrectionForm(Form):
    """Turns that somebody brings along."""

    person = forms.ModelChoiceField(label=_("Whose ledger"), queryset=RosterPerson.objects.none(), empty_label="—")
    turns = forms.DecimalField(
        label=_("Weighted turns, more or (with a minus) less"),
        max_digits=5,
        decimal_places=1,
        min_value=-200,
        max_value=200,
    )
    words = forms.CharField(label=_("Reason, which everybody may read"), max_length=120)


class AbsentForm(Form):
    """Somebody doesn't come."""

    words = forms.CharField(label=_("A word about it"), max_length=120, required=False)


class PublishForm(Form):
    """Publishing; `although` only where rules are broken."""

    although = forms.BooleanField(label=_("Publish it although it breaks these rules"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RulesForm(Form):
    """The office's rules. Weights are typed in turns, kept in tenths."""

    gap = forms.IntegerField(label=_("Workdays from one turn to the next, at least"), min_value=0, max_value=30)
    gap_leads = forms.IntegerField(label=_("The same for leading cadres"), min_value=0, max_value=30)
    rest = forms.BooleanField(label=_("No early turn after an evening turn"), required=False)
    unit_most = forms.IntegerField(
        label=_("Of one unit on one day, at most"), min_value=1, max_value=99, required=False,
        help_text=_("Empty: any number."),
    )  # fmt: skip
    most_running = forms.IntegerField(
        label=_("Working days in a row around holidays, at most"), min_value=1, max_value=30, required=False,
        help_text=_("Six by the State Council's rules on holidays, article 7. Empty: not asked."),
    )  # fmt: skip
    lead = forms.BooleanField(label=_("Exactly one leading cadre at each sitting"), required=False)
    skills = WordsField(
        label=_("Somebody at each sitting must know"), help_text=_("Such as 法律. Empty: nothing asked.")
    )
    early = forms.DecimalField(label=_("An early turn counts"), max_digits=3, decimal_places=1)
    day = forms.DecimalField(label=_("A turn during the day counts"), max_digits=3, decimal_places=1)
    evening = forms.DecimalField(label=_("An evening turn counts"), max_digits=3, decimal_places=1)
    weekend = forms.DecimalField(label=_("A turn on a rest day counts"), max_digits=3, decimal_places=1)
    holiday = forms.DecimalField(label=_("A turn on a public holiday counts"), max_digits=3, decimal_places=1)
    price_wish = forms.IntegerField(label=_("Price of a wish that isn't met"), min_value=0, max_value=1000)
    price_unfamiliar = forms.IntegerField(
        label=_("Price of a venue that somebody doesn't know"), min_value=0, max_value=1000
    )
    price_change = forms.IntegerField(label=_("Price of a published turn that changes"), min_value=0, max_value=100000)
    remind = forms.CharField(label=_("Reminders, hours before a turn"), max_length=60, required=False)
    stand_ins = forms.IntegerField(label=_("How many are asked to stand in"), min_value=1, max_value=20)

    def clean_remind(self) -> tuple[int, ...]:
        typed = self.cleaned_data["remind"].replace("、", " ").replace("，", " ").replace(",", " ").split()
        if any(not hours.isdecimal() or not hours.isascii() or len(hours) > 4 for hours in typed):
            raise ValidationError(_("Write whole hours, such as 672 168 24 12."))
        return tuple(int(hours) for hours in typed)

    def changes(self) -> dict[str, Any]:
        """What the rules become."""
        data = dict(self.cleaned_data)
        weights = {name: round(data.pop(name) * 10) for name in ("early", "day", "evening", "weekend", "holiday")}
        return data | {"weights": weights, "skills": tuple(data["skills"])}


def initial_rules(rules: OfficeRules) -> dict[str, Any]:
    """What the form of the rules shows at first."""
    shown = {name: getattr(rules, name) for name in RulesForm.base_fields if hasattr(rules, name)}
    shown |= {name: weight / 10 for name, weight in rules.weights.items()}
    return shown | {"remind": " ".join(str(hours) for hours in rules.remind), "skills": list(rules.skills)}
