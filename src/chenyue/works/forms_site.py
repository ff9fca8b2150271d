"""Forms of projects and of their site."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people.queries import members_with, units
from chenyue.places.queries import gazetteer
from chenyue.works.fields import ClockField, DayField, FilesField, building_choices, choose, one_of, some_of
from chenyue.works.lifecycle import FileKind, PhaseKind, PostingKind, VersionState
from chenyue.works.models import Phase, PlanVersion, Posting, Project, ThresholdRule
from chenyue.works.site.rules import hours_in_words


class HoursField(forms.CharField):
    """Stretches of a day such as `08:00–12:00、14:00–18:00`. Gives pairs of `HH:MM`."""

    def clean(self, value: Any) -> list[list[str]]:
        found = []
        for part in (super().clean(value) or "").replace("，", "、").replace(",", "、").replace("；", "、").split("、"):
            written = part.strip().replace("—", "–").replace("-", "–").replace("~", "–").replace("至", "–")
            if not written:
                continue
            try:
                ends = [end.strip().replace("：", ":").zfill(5) for end in written.split("–")]
                first, last = map(time.fromisoformat, ends)
            except ValueError as wrong:
                raise ValidationError(_("Write the hours such as 08:00–12:00、14:00–18:00."), code="hours") from wrong
            if last <= first:
                raise ValidationError(_("These hours end before they begin."), code="hours")
            found.append([f"{first:%H:%M}", f"{last:%H:%M}"])
        return sorted(found)


class ProjectForm(Form):
    """What a project is: where, who, why, by which rule."""

    title = forms.CharField(label=pgettext_lazy("works", "Title"), max_length=80)
    estates = some_of(pgettext_lazy("works", "Estates"))
    what = forms.CharField(label=_("What is done"), widget=forms.Textarea, required=False, max_length=4000)
    why = forms.CharField(label=_("Why"), widget=forms.Textarea, required=False, max_length=4000)
    contractor_id = one_of(_("Contractor"), help_text=_("A unit of the office's list; outside firms stand there too."))
    supervisor_id = one_of(_("Supervisor of the site"))
    owner_unit_id = one_of(_("Answers for the project"))
    manager_id = one_of(_("Person in charge"))
    phone = forms.CharField(label=_("Telephone for questions"), max_length=40, required=False)
    rule = forms.ChoiceField(
        label=_("Joint decision by"), required=False,
        help_text=_("Without a rule the page shows shares only, never “passed”."),
    )  # fmt: skip
    noise_hours = HoursField(
        label=_("Loud works only at"), required=False, help_text=_("Such as 08:00–12:00、14:00–18:00.")
    )
    stop_notice_hours = forms.IntegerField(
        label=_("Hours before water, power or a road is closed that people are told"), min_value=1, max_value=720
    )
    starts_on = DayField(label=_("Begins on"), required=False)
    ends_on = DayField(label=pgettext_lazy("works", "Ends on"), required=False)
    stale_days = forms.IntegerField(label=_("Days after which a stance is old"), min_value=7, max_value=3650)
    answer_within = forms.CharField(label=_("An objection is answered within"), max_length=12)
    defect_within = forms.CharField(label=_("A defect is mended within"), max_length=12, help_text=_("3wd, 10d, 48h …"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "estates", estate_choices())
        found = [("", "—"), *((u.pk, u.name) for u in units())]
        for name in ("contractor_id", "supervisor_id", "owner_unit_id"):
            choose(self, name, found)
        choose(self, "manager_id", [("", "—"), *((m.pk, m.name) for m in members_with("works.manage"))])
        choose(self, "rule", [("", _("No joint decision of owners")), *rule_choices()])

    def clean(self) -> dict[str, Any]:
        rule, _colon, matter = (self.cleaned_data.get("rule") or "").partition(":")
        self.cleaned_data["rule_id"], self.cleaned_data["matter"] = (int(rule), matter) if rule else (None, "")
        return self.cleaned_data

    def details(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: v for name, v in self.cleaned_data.items() if name not in ("estates", "rule", "version")}


def estate_choices() -> Iterable[tuple[int, str]]:
    known = gazetteer()
    found = [p for p in known.places.values() if p.kind == "estate" and p.active]
    return [(p.id, p.full_name) for p in sorted(found, key=lambda p: p.full_name)]


def rule_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Rules by their matters: `rule id:number of the matter`."""
    return [
        (rule.title, [(f"{rule.pk}:{one['number']}", f"{one['number']} · {one['what']}") for one in rule.matters])
        for rule in ThresholdRule.objects.order_by("until", "code", "-version")
    ]


def initial_project(project: Project | None) -> dict[str, Any]:
    """What the form of a project shows at first."""
    row = project or Project()
    names = [name for name in ProjectForm.base_fields if name not in ("estates", "rule", "noise_hours")]
    found = {name: getattr(row, name) for name in names}
    found["noise_hours"] = hours_in_words(row.noise_hours) if project else "08:00–12:00、14:00–18:00"
    if project:
        found["estates"] = [estate.pk for estate in project.estates.all()]
        found["rule"] = f"{project.rule_id}:{project.matter}" if project.rule_id else ""
    return found


class ReasonForm(Form):
    """A sentence that goes with a step, where one is asked for."""

    reason = forms.CharField(label=pgettext_lazy("works", "Reason, as people read it"), max_length=200, required=False)


class PhaseForm(Form):
    """A stretch of the calendar."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PhaseKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("What happens"), max_length=80)
    starts_on = DayField(label=_("From this day on"))
    ends_on = DayField(label=_("Last day"))
    from_time = ClockField(label=_("From (each day)"), required=False)
    to_time = ClockField(label=_("Until (each day)"), required=False)
    buildings = some_of(_("Buildings"), help_text=_("None ticked: all of the project."))
    words = forms.CharField(label=_("What people should know"), max_length=300, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "buildings", building_choices(project))


def initial_phase(phase: Phase) -> dict[str, Any]:
    """What the form of a phase shows at first."""
    return {name: getattr(phase, name) for name in PhaseForm.base_fields}


class PostingForm(Form):
    """A notice before it is posted."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PostingKind.choices)
    title = forms.CharField(label=pgettext_lazy("works", "Title"), max_length=120)
    text = forms.CharField(label=pgettext_lazy("notice", "Text"), widget=forms.Textarea, max_length=8000)
    plan = one_of(_("Version of the plan"))
    display = forms.CharField(
        label=_("On display for"), max_length=12, required=False,
        help_text=_("15d: fifteen days, 10wd: ten working days; empty for a mere notice. The last day is computed."),
    )  # fmt: skip
    places = some_of(_("Hangs at these buildings"))
    elsewhere = forms.CharField(label=_("And also at"), max_length=120, required=False, help_text=_("北门公告栏, say."))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "places", building_choices(project))
        plans = PlanVersion.objects.filter(project=project).exclude(state=VersionState.DRAFT)
        choose(self, "plan", [("", "—"), *((p.pk, f"v{p.number} {p.title}") for p in plans)])

    def where(self) -> list[int | str]:
        """Ids of buildings, and words."""
        words = self.cleaned_data.get("elsewhere")
        return [*self.cleaned_data["places"], *([words] if words else [])]


def initial_posting(posting: Posting) -> dict[str, Any]:
    """What the form of a notice shows at first."""
    found = {name: getattr(posting, name) for name in ("kind", "title", "text", "display")}
    words = "、".join(where for where in posting.places if isinstance(where, str))
    ids = [where for where in posting.places if isinstance(where, int)]
    return found | {"plan": posting.plan_id, "places": ids, "elsewhere": words}


class HangForm(Form):
    """It hangs: since when, and the photograph that proves it."""

    on = DayField(label=_("Hangs since"))
    attachments = FilesField(label=_("Photographs of it where it hangs"))
    words = forms.CharField(label=_("Where they were taken"), max_length=120, required=False)


class ProofForm(Form):
    """Photographs that follow."""

    attachments = FilesField(label=_("Photographs of it where it hangs"))
    words = forms.CharField(label=_("Where they were taken"), max_length=120, required=False)


class DefectForm(Form):
    """A defect or a complaint, taken down."""

    words = forms.CharField(label=_("What is wrong"), widget=forms.Textarea, max_length=2000)
    complaint = forms.BooleanField(
        label=_("A complaint about how people were treated, not about the works"), required=False
    )
    building = one_of(pgettext_lazy("works", "Building"))
    spot = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    unit = one_of(_("Who must mend it, if not the contractor"))
    attachments = FilesField(label=_("Photographs"))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "building", [("", _("The whole site")), *building_choices(project)])
        choose(self, "unit", [("", "—"), *((u.pk, u.name) for u in units())])


class MendedForm(Form):
    """What was done, with photographs; or why it isn't ours."""

    words = forms.CharField(label=_("What was done, or why it isn't yours"), widget=forms.Textarea, max_length=2000)
    attachments = FilesField(label=_("Photographs"))


class CheckForm(Form):
    """What the person who looked says."""

    words = forms.CharField(
        label=_("What you saw"), widget=forms.Textarea, max_length=2000, required=False,
        help_text=_("Needed when it goes back, or when a disputed one is let go."),
    )  # fmt: skip


class PhotosForm(Form):
    """Photographs before and after."""

    kind = forms.ChoiceField(
        label=_("Taken"), widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in (FileKind.BEFORE, FileKind.AFTER, FileKind.PLAN)],
    )  # fmt: skip
    building = one_of(pgettext_lazy("works", "Building"))
    attachments = FilesField(label=_("Photographs"), required=True)
    words = forms.CharField(label=_("What they show"), max_length=120, required=False)
    public = forms.BooleanField(label=_("May stand on the residents' page"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "building", [("", _("The whole site")), *building_choices(project)])


class CaseForm(Form):
    """A case that was born of the works."""

    case = forms.CharField(label=_("Number of the case"), max_length=30)
