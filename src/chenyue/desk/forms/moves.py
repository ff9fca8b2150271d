"""One small form for each move. `details()` gives what `cases.actions.move` is called with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case, Result, ReturnReason
from chenyue.catalogue.models import Handling, Urgency
from chenyue.catalogue.routing import route
from chenyue.core.forms import Form
from chenyue.desk.forms.fields import CategoryField, MomentField, PlaceField, UnitField, UnitsField, WordsField
from chenyue.places.queries import gazetteer


class MoveForm(Form):
    """A move without details. `version` is that of the case the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.case = case
        kwargs["initial"] = {"version": case.version} | self.start() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def start(self) -> dict[str, Any]:
        """What the form is filled with at first."""
        return {}

    def details(self) -> dict[str, Any]:
        """What the move is told besides case, actor and moment."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TriageForm(MoveForm):
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    category_code = CategoryField()
    place = PlaceField()
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    handling = forms.ChoiceField(label=_("Handling"), choices=Handling.choices)

    def start(self) -> dict[str, Any]:
        case = self.case
        known = gazetteer().get(case.place_id) if case.place_id else None
        return {
            "title": case.title,
            "category_code": case.category.code if case.category else "",
            "place": (known.full_name if known else "") + case.room,
            "urgency": case.urgency,
            "handling": case.handling,
        }

    def details(self) -> dict[str, Any]:
        found = super().details()
        where = found.pop("place")
        return found | {"place_id": where.place_id, "room": where.room}


class UnitsForm(MoveForm):
    """Lead and assists; filled with what the catalogue says for this category and place."""

    lead_id = UnitField(label=_("Lead unit"))
    assist_ids = UnitsField()

    def start(self) -> dict[str, Any]:
        case = self.case
        if not case.category_id:
            return {}
        way = route(case.category_id, case.place_id, case.urgency)
        self.reasons = way.reasons
        return {"lead_id": way.lead_id, "assist_ids": list(way.assist_ids)}


class DispatchForm(UnitsForm):
    pass


class ReassignForm(UnitsForm):
    reason = WordsField(label=_("Reason"), help_text=_("Both units read it."), max_length=200)

    def start(self) -> dict[str, Any]:
        return {}


class UpholdReturnForm(UnitsForm):
    words = WordsField(label=_("What the unit is told"), required=False)


class ReturnForm(MoveForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=ReturnReason.choices)
    words = WordsField(label=_("Facts and basis"), help_text=_("A dispatcher decides by what you write here."))
    proposed_id = UnitField(label=_("Whose it is, in your view"), required=False)


class WordsForm(MoveForm):
    """Words that must be given."""

    words = WordsField(label=_("Words"))


class RefuseReturnForm(WordsForm):
    words = WordsField(label=_("Why the return is refused"), help_text=_("The unit cannot return it again."))


class ContactForm(WordsForm):
    words = WordsField(label=_("What was said"), help_text=_("Whom you reached and what was agreed."))


class RemindForm(WordsForm):
    words = WordsField(label=_("What the unit is told"))


class ReworkForm(WordsForm):
    words = WordsField(label=_("What is still missing"))


class ExplainForm(WordsForm):
    words = WordsField(label=_("Explanation to the reporters"), help_text=_("The reporters read it word for word."))


class ReopenForm(WordsForm):
    words = WordsField(label=_("Why it is reopened"), help_text=_("A new round begins; its history stays."))


class SuspendForm(MoveForm):
    reason = WordsField(label=_("Reason"), help_text=_("The reporters read it too."), max_length=200)
    until = MomentField(label=_("Until"))


class ExtendForm(MoveForm):
    reason = WordsField(
        label=_("Reason"), help_text=_("Someone else decides; then the reporters are told."), max_length=300
    )
    new_due_at = MomentField(label=_("New date"))


class DecisionForm(MoveForm):
    words = WordsField(label=_("Words with the decision"), required=False, max_length=300)


class WhistleForm(MoveForm):
    words = WordsField(label=_("What is to be settled"))
    meeting_at = MomentField(label=_("Meeting at"), required=False)
    place = forms.CharField(label=_("Meeting place"), max_length=80, required=False)


class DeclineForm(MoveForm):
    reason = WordsField(label=_("Why it is not taken up"), help_text=_("For the office."), max_length=200)
    told = WordsField(
        label=_("What the reporters are told"), help_text=_("Name the right road: who can help, and how.")
    )
    route_away = forms.CharField(
        label=_("The right road"), help_text=_("Such as 110, 12348, the court."), required=False
    )


class JoinForm(MoveForm):
    into = forms.CharField(label=_("Number of the case it belongs to"), max_length=20)


class SplitForm(MoveForm):
    appeal_ids = forms.TypedMultipleChoiceField(
        label=_("Appeals that are a matter of their own"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.case.appeals.order_by("received_at")
        self.fields["appeal_ids"].choices = [(a.pk, f"{a.number} {a.words[:40]}") for a in rows]  # type: ignore[attr-defined]


class AnswerForm(MoveForm):
    """What was done (for the office) and what the reporters read."""

    result = forms.ChoiceField(label=_("Result"), choices=[c for c in Result.choices if c[0] != Result.MERGED])
    done = WordsField(label=_("What was done"), help_text=_("For the office. The reporters do not see it."), rows=3)
    told = WordsField(label=_("What the reporters read"), help_text=_("Sent word for word."), rows=6)


FORMS: dict[Move, type[MoveForm]] = {
    Move.TRIAGE: TriageForm,
    Move.DISPATCH: DispatchForm,
    Move.ACCEPT: MoveForm,
    Move.RETURN: ReturnForm,
    Move.UPHOLD_RETURN: UpholdReturnForm,
    Move.REFUSE_RETURN: RefuseReturnForm,
    Move.REASSIGN: ReassignForm,
    Move.CONTACT: ContactForm,
    Move.SETTLE: AnswerForm,
    Move.SUSPEND: SuspendForm,
    Move.RESUME: MoveForm,
    Move.EXTEND: ExtendForm,
    Move.REMIND: RemindForm,
    Move.SUPERVISE: RemindForm,
    Move.WHISTLE: WhistleForm,
    Move.ANSWER: AnswerForm,
    Move.REWORK: ReworkForm,
    Move.EXPLAIN: ExplainForm,
    Move.CLOSE: MoveForm,
    Move.REOPEN: ReopenForm,
    Move.DECLINE: DeclineForm,
    Move.JOIN: JoinForm,
    Move.SPLIT: SplitForm,
}
