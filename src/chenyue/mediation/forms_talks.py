"""Forms of meetings, minutes, evidence and of what is sealed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.mediation.lifecycle import EvidenceKind, MeetingKind
from chenyue.mediation.meetings import Came, Held, Plan
from chenyue.mediation.models import Attendance, Meeting, Party

YEARS = range(2000, 2100)
YES_NO = [("yes", _("Came")), ("no", _("Didn't come"))]


class DayField(forms.DateField):
    """A day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and found.year not in YEARS:
            raise ValidationError(_("Check the year."), code="year")
        return found


class ClockField(forms.TimeField):
    """A time of day, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def moment(day: Any, clock: Any) -> datetime | None:
    """A day and a time of day on the office's wall, as a moment."""
    return None if day is None or clock is None else timezone.make_aware(datetime.combine(day, clock))


class MeetingForm(Form):
    """What a meeting is to be."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingKind.choices, widget=forms.RadioSelect)
    day = DayField(label=pgettext_lazy("meeting", "Day"))
    clock = ClockField(label=pgettext_lazy("meeting", "Begins at"))
    until = ClockField(label=pgettext_lazy("meeting", "Until about"), required=False)
    room = forms.CharField(
        label=pgettext_lazy("meeting", "Where"), max_length=120,
        help_text=_("The room, or the place where the quarrel is: parties may be met on the spot (art. 21)."),
    )  # fmt: skip
    asked = forms.CharField(
        label=_("Who is asked"), max_length=120, required=False, help_text=_("Of an inquiry: the witness or body.")
    )
    agenda = forms.CharField(
        label=_("Agenda, as everybody asked reads it"), widget=forms.Textarea, required=False, max_length=4000
    )
    whom = forms.MultipleChoiceField(
        label=_("Who is asked to come"), widget=forms.CheckboxSelectMultiple, required=False
    )
    names = forms.CharField(
        label=_("Others by name"), max_length=300, required=False, help_text=_("Several with “、” between them.")
    )
    is_open = forms.BooleanField(
        label=_("Open to the public"), required=False, help_text=_("Only if every party wants it (art. 23).")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, invitable: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = [(key, f"{name}（{part}）") for key, name, part in invitable]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """What the action takes."""
        typed = self.cleaned_data
        starts_at = moment(typed["day"], typed["clock"])
        assert starts_at is not None
        return Plan(
            kind=typed["kind"], starts_at=starts_at, ends_at=moment(typed["day"], typed.get("until")),
            room=typed["room"], is_open=typed["is_open"], asked=typed["asked"], agenda=typed["agenda"],
            whom=typed["whom"], names=split_names(typed["names"]),
        )  # fmt: skip


def split_names(typed: str) -> list[str]:
    """Names with commas of any kind between them."""
    for mark in ("，", ",", ";", "；", "\n"):
        typed = typed.replace(mark, "、")
    return [name.strip() for name in typed.split("、") if name.strip()]


def initial_meeting(meeting: Meeting | None, invitable: Iterable[tuple[str, str, str]], at: datetime) -> dict[str, Any]:
    """What the form shows at first: all who may come, tomorrow morning; or the meeting as it is planned."""
    if meeting is None:
        day = timezone.localtime(at).date() + timedelta(days=1)
        return {"kind": MeetingKind.JOINT, "day": day, "clock": "09:00", "whom": [key for key, *_rest in invitable]}
    first = timezone.localtime(meeting.starts_at)
    rows = list(meeting.attendances.order_by("pk"))
    return {
        "kind": meeting.kind, "day": first.date(), "clock": first.time(), "room": meeting.room,
        "until": timezone.localtime(meeting.ends_at).time() if meeting.ends_at else None,
        "asked": meeting.asked, "agenda": meeting.agenda, "is_open": meeting.is_open, "version": meeting.version,
        "whom": [key for row in rows if (key := key_of(row))], "names": "、".join(row.name for row in rows if row.name),
    }  # fmt: skip


def key_of(row: Attendance) -> str:
    """How the form calls who is asked: `party:3`; nothing for a mere name."""
    for kind in ("party", "representative", "appointment", "invitation"):
        if pk := getattr(row, f"{kind}_id"):
            return f"{kind}:{pk}"
    return ""


class HeldForm(Form):
    """How a meeting went."""

    until = ClockField(label=pgettext_lazy("meeting", "Ended at"))
    recorder = forms.CharField(label=pgettext_lazy("meeting", "Recorder"), max_length=40, required=False)
    agreed = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Result"), widget=forms.RadioSelect, required=False,
        choices=[
            ("", pgettext_lazy("meeting", "Still open")), ("yes", pgettext_lazy("meeting", "Agreement reached")),
            ("no", pgettext_lazy("meeting", "No agreement")),
        ],
    )  # fmt: skip
    result = forms.CharField(
        label=_("What came of it, in a few sentences"), widget=forms.Textarea, required=False, max_length=4000
    )
    names = forms.CharField(label=_("Others who came"), max_length=300, required=False)

    def __init__(self, *args: Any, meeting: Meeting, people: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.people = meeting, list(people)
        for row in self.people:
            self.fields[f"came_{row.pk}"] = forms.ChoiceField(choices=YES_NO, required=False, label=_("Came?"))
            self.fields[f"late_{row.pk}"] = forms.IntegerField(
                min_value=0, max_value=600, required=False, label=_("Minutes late")
            )

    def lines(self) -> list[tuple[Attendance, Any, Any]]:
        """Each of those asked with its two fields."""
        return [(row, self[f"came_{row.pk}"], self[f"late_{row.pk}"]) for row in self.people]

    def held(self) -> Held:
        """What the action takes."""
        typed = self.cleaned_data
        ended = moment(timezone.localtime(self.meeting.starts_at).date(), typed["until"])
        assert ended is not None
        said = {"yes": True, "no": False}
        came = {row.pk: Came(said.get(typed[f"came_{row.pk}"]), typed[f"late_{row.pk}"] or 0) for row in self.people}
        return Held(
            ended_at=ended, came=came, recorder=typed["recorder"], result=typed["result"],
            agreed=said.get(typed["agreed"]), names=split_names(typed["names"]),
        )  # fmt: skip


class BrokenOffForm(HeldForm):
    """It was broken off: why, and whether a party takes its consent back."""

    why = forms.CharField(label=_("Why it was broken off"), max_length=200)
    withdraws = forms.TypedChoiceField(
        label=_("Takes back the consent to be mediated"), coerce=int, empty_value=None, required=False,
        help_text=_("Only if a party says so: the mediation stops then, and that is written down."),
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {party.pk: party for party in parties}
        del self.fields["agreed"]
        choices = [("", _("Nobody")), *((party.pk, party.name) for party in self.parties.values())]
        self.fields["withdraws"].choices = choices  # type: ignore[attr-defined]

    def held(self) -> Held:
        """What the action takes."""
        self.cleaned_data["agreed"] = "no"
        return super().held()


class WhyForm(Form):
    """A step with its reason."""

    why = forms.CharField(label=pgettext_lazy("mediation", "Reason, as it is kept"), max_length=200, required=False)


class MinutesForm(Form):
    """The words of the minutes."""

    words = forms.CharField(
        label=pgettext_lazy("meeting", "Minutes"), widget=forms.Textarea(attrs={"rows": "16"}), max_length=20_000,
        help_text=_("What was said before everybody, what was disputed, what came of it. All parties read it."),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AnswerForm(Form):
    """What a party says to the minutes."""

    agrees = forms.ChoiceField(
        label=_("Is it right?"), widget=forms.RadioSelect,
        choices=[("yes", _("It is right")), ("no", _("Something is wrong"))],
    )  # fmt: skip
    words = forms.CharField(label=_("What is wrong"), widget=forms.Textarea, max_length=2000, required=False)


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.Field):
    """Photographs or PDFs; their bytes are looked at where they are kept."""

    widget = Files

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)
        self.widget.attrs |= {"multiple": True, "accept": "image/*,application/pdf", "data-shrink": "2560"}

    def clean(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value] if value else []


class EvidenceForm(Form):
    """Something that was handed in or found."""

    title = forms.CharField(label=pgettext_lazy("evidence", "What it is"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=EvidenceKind.choices)
    party = forms.TypedChoiceField(label=_("Handed in by"), coerce=int, empty_value=None, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=120, required=False, help_text=_("Where it comes from: an archive, a witness …")
    )
    attachments = FilesField(label=_("Scan or photographs"), help_text=_("Without a file it counts as paper only."))
    pages = forms.IntegerField(label=_("Pages of the paper"), min_value=1, max_value=2000, required=False)
    original = forms.CharField(
        label=_("Where the original is"),
        max_length=80,
        required=False,
        help_text=_("Empty: no original was left here."),
    )
    shared = forms.BooleanField(label=_("All parties may see it"), required=False)

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {party.pk: party for party in parties}
        choices = [("", _("The mediators")), *((party.pk, party.name) for party in self.parties.values())]
        self.fields["party"].choices = choices  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What the action takes."""
        typed = dict(self.cleaned_data)
        return typed | {"party": self.parties.get(typed["party"]), "uploads": typed.pop("attachments")}


class NoteForm(Form):
    """A note of what a party said in confidence. Nothing keeps a draft of it."""

    words = forms.CharField(
        label=_("What was said in confidence"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": "6", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class FigureForm(Form):
    """A figure that a party named in confidence."""

    topic = forms.CharField(
        label=_("About what"), max_length=40, help_text=_("The same words as before, to go on with a topic.")
    )
    asks = forms.ChoiceField(
        label=_("This party"), widget=forms.RadioSelect,
        choices=[("asks", pgettext_lazy("figure", "asks for")), ("gives", pgettext_lazy("figure", "would give"))],
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=Decimal(0), max_digits=16, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    limit = forms.BooleanField(
        label=_("This is the limit the party would go to"), required=False,
        help_text=_("Mediators alone see it, for ever: it never counts in what is said aloud."),
    )  # fmt: skip
    words = forms.CharField(label=_("Words that go with it"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("topic", "words"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class AloudForm(Form):
    """Saying aloud whether a gap narrows."""

    topic = forms.CharField(widget=forms.HiddenInput, max_length=40)
    aloud = forms.CharField(
        label=_("What the topic is called before everybody"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
