"""Forms for what homes say: at the door, on paper, objections and their answers, plans."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people.queries import members_with, units
from chenyue.works.fields import DayField, FilesField, building_choices, choose, one_of, some_of
from chenyue.works.lifecycle import Decision, How, Reason, Speaker, Step, Vote
from chenyue.works.models import PlanPart, PlanVersion, Project, RegisteredHome

STAFF_HOW = [(h.value, h.label) for h in (How.DOOR, How.PHONE, How.MEETING, How.PAPER)]


class DoorForm(Form):
    """One home's stance, taken down: one tap for the step, the rest where there is something to say."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("How does this home stand to it?"), choices=Step.choices, widget=forms.RadioSelect)
    speaker = forms.ChoiceField(label=_("Who speaks"), choices=Speaker.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("How it was said"), choices=STAFF_HOW, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("What it is about"), choices=Reason.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("In their own words"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=4000
    )
    objects = forms.BooleanField(label=_("They want an answer: make it an objection"), required=False)
    parts = forms.MultipleChoiceField(
        label=_("About which parts of the plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    attachments = FilesField(label=_("Photograph of the signed sheet"))

    def __init__(self, *args: Any, plan: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "parts", part_choices(plan))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("objects") and not self.cleaned_data.get("words"):
            self.add_error("words", _("An objection needs words: what should be answered?"))
        return self.cleaned_data


def part_choices(plan: PlanVersion) -> list[tuple[str, str]]:
    """The parts of a plan by their keys."""
    return [(part.key, part.title) for part in plan.parts.all()]


class PaperForm(Form):
    """A sheet with many homes on it: for each its stance, its vote, and the names under it."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("How it was said"), choices=[(How.PAPER, How.PAPER.label), (How.MEETING, How.MEETING.label)],
        widget=forms.RadioSelect,
    )  # fmt: skip
    signed_on = DayField(label=_("Signed on"))
    attachments = FilesField(label=_("Scan of the signed sheet"))

    def __init__(self, *args: Any, homes: Iterable[RegisteredHome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = list(homes)
        steps, votes = [("", "—"), *Step.choices], [("", "—"), *Vote.choices]
        for home in self.homes:
            for name, label, field in (
                ("step", _("Stance"), forms.ChoiceField(choices=steps, required=False)),
                ("vote", pgettext_lazy("ballot", "Vote"), forms.ChoiceField(choices=votes, required=False)),
                ("names", _("Signed by"), forms.CharField(max_length=100, required=False)),
            ):
                field.label = f"{home.door} {label}"
                field.widget.attrs["aria-label"] = field.label
                self.fields[f"{name}_{home.pk}"] = field

    def rows(self) -> list[tuple[RegisteredHome, Any, Any, Any]]:
        """Each home with its three fields, for the table."""
        return [(h, self[f"step_{h.pk}"], self[f"vote_{h.pk}"], self[f"names_{h.pk}"]) for h in self.homes]

    def said(self) -> list[tuple[RegisteredHome, str, str, str]]:
        """Homes with something written: (home, step, vote, names)."""
        found = []
        for home in self.homes:
            step, vote, names = (self.cleaned_data.get(f"{n}_{home.pk}") or "" for n in ("step", "vote", "names"))
            if step or vote:
                found.append((home, step, vote, names))
        return found

    def clean(self) -> dict[str, Any]:
        for home in self.homes:
            vote, names = self.cleaned_data.get(f"vote_{home.pk}"), self.cleaned_data.get(f"names_{home.pk}")
            if vote and not names:
                self.add_error(f"names_{home.pk}", _("%(door)s: whose signature is it?") % {"door": home.door})
            if names and not vote and not self.cleaned_data.get(f"step_{home.pk}"):
                self.add_error(f"step_{home.pk}", _("%(door)s: what did they say?") % {"door": home.door})
        if not self.errors and not self.said():
            self.add_error(None, _("Nothing is filled in yet."))
        return self.cleaned_data


class BallotForm(Form):
    """A signed ballot of one home."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    vote = forms.ChoiceField(label=pgettext_lazy("ballot", "Vote"), choices=Vote.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("How it was said"), choices=[(h.value, h.label) for h in (How.DOOR, How.MEETING, How.PAPER)]
    )
    signed_by = forms.CharField(label=_("Signed by"), max_length=100)
    signed_on = DayField(label=_("Signed on"))
    attachments = FilesField(label=_("Scan of the signed sheet"))


class WordsForm(Form):
    """A few words with a step."""

    words = forms.CharField(label=_("In words"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class ObjectForm(Form):
    """An objection of a home, or of nobody in particular."""

    reasons = forms.MultipleChoiceField(
        label=_("What it is about"), choices=Reason.choices, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label=_("In their own words"), widget=forms.Textarea, max_length=4000)
    speaker = forms.ChoiceField(label=_("Who speaks"), choices=Speaker.choices, widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label=_("About which parts of the plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = one_of(_("Who must answer"), help_text=_("Left empty: who answers for the project."))

    def __init__(self, *args: Any, plan: PlanVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "parts", part_choices(plan) if plan else [])
        choose(self, "unit", [("", "—"), *((u.pk, u.name) for u in units())])


class AnswerForm(Form):
    """The answer to an objection, with a name under it."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Answer, as the home reads it"), widget=forms.Textarea, max_length=4000,
        help_text=_("Your name and the date stand under it."),
    )  # fmt: skip
    changes = forms.MultipleChoiceField(
        label=_("Parts of the plan that change"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, plan: PlanVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "changes", part_choices(plan) if plan else [])


class RespondForm(Form):
    """What the home says to the answer."""

    accepted = forms.ChoiceField(
        label=_("Does the home accept the answer?"), widget=forms.RadioSelect,
        choices=[("1", _("It accepts the answer")), ("0", _("It keeps its objection"))],
    )  # fmt: skip
    step = forms.ChoiceField(
        label=_("And how does it stand to the plan now?"), required=False, widget=forms.RadioSelect,
        choices=[("", _("As before")), *Step.choices],
    )  # fmt: skip
    words = forms.CharField(label=_("In their own words"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class GiveForm(Form):
    """Who answers, by name."""

    unit = one_of(_("Who must answer"), required=True)
    answerer = one_of(_("By name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "unit", [(u.pk, u.name) for u in units()])
        people = [(m.pk, f"{m.name}（{m.unit or '—'}）") for m in members_with("works.answer")]
        choose(self, "answerer", [("", "—"), *people])


class PlanForm(Form):
    """Title and words of a version."""

    title = forms.CharField(label=pgettext_lazy("works", "Title"), max_length=80)
    words = forms.CharField(
        label=_("What is new in it"), widget=forms.Textarea, required=False, max_length=4000,
        help_text=_("As residents read it, first thing."),
    )  # fmt: skip


class PartForm(Form):
    """A part of a plan and whom it concerns."""

    title = forms.CharField(label=pgettext_lazy("works", "Title"), max_length=80)
    text = forms.CharField(label=_("What is done"), widget=forms.Textarea, max_length=4000)
    everyone = forms.BooleanField(label=_("Concerns every home"), required=False)
    buildings = some_of(_("Or only these buildings"))
    lines = forms.MultipleChoiceField(
        label=_("Or only these vertical lines"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, project: Project, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "buildings", building_choices(project))
        choose(self, "lines", lines)

    def whom(self) -> dict[str, Any] | None:
        """For `save_part`: None for everyone."""
        if self.cleaned_data["everyone"]:
            return None
        return {"buildings": self.cleaned_data["buildings"], "lines": self.cleaned_data["lines"]}

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not typed.get("everyone") and not typed.get("buildings") and not typed.get("lines"):
            self.add_error("everyone", _("Whom does it concern? Everyone, or some buildings or lines."))
        return typed


def initial_part(part: PlanPart | None) -> dict[str, Any]:
    """What the form of a part shows at first."""
    if part is None:
        return {"everyone": True}
    return {name: getattr(part, name) for name in ("title", "text", "everyone", "buildings", "lines")}


class FindForm(Form):
    """Which homes of the register are wanted."""

    building = one_of(pgettext_lazy("works", "Building"))
    stand = forms.ChoiceField(label=_("How they stand"), required=False)
    q = forms.CharField(label=_("Home, such as 401"), max_length=20, required=False)

    def __init__(self, *args: Any, project: Project, stands: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "building", [("", _("All buildings")), *building_choices(project)])
        choose(self, "stand", [("", _("All")), *stands])


class LookForm(Form):
    """Why somebody needs to see names and telephone numbers."""

    reason = forms.CharField(label=_("Why you need the names and numbers"), max_length=200)
