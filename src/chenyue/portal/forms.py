"""Forms of the residents' pages."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.followup.actions import REASONS
from chenyue.followup.models import Grade
from chenyue.people import personal
from chenyue.people.models import DataRequest

MAX_WORDS = 8000
TOO_LONG = _(
    "You wrote %(count)d characters; at most %(most)d fit here. "
    "Please shorten it a little, or add the rest later under your receipt code."
)


class Words(forms.CharField):
    """Words as people send them: harmless marks taken out, line ends counted once, length said in a sentence."""

    widget = forms.Textarea

    def __init__(self, *, most: int = MAX_WORDS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        return text.clean(str(value or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(TOO_LONG % {"count": len(value), "most": self.most})


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFiles(forms.FileField):
    """Several files from one input."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [f for f in files if isinstance(f, UploadedFile) and f.size]


def photos() -> ManyFiles:
    """The field for photographs; telephones offer the camera."""
    return ManyFiles(
        label=_("Photos"),
        required=False,
        help_text=_("Up to nine photos or PDF files. The place stored in a photo is taken out."),
        widget=ManyFilesInput(
            attrs={
                "multiple": True,
                "accept": "image/*,application/pdf",
                "data-shrink": "1600",
                "data-shows": "#thumbs",
            }
        ),
    )


class TellForm(Form):
    """What a resident tells us: only the words are asked for."""

    words = Words(
        label=_("What is the matter?"),
        help_text=_("In your own words: what happened, where, since when. We find out whose it is."),
        widget=forms.Textarea(attrs={"rows": "6", "data-autogrow": ""}),
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    place_told = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=200,
        help_text=_("Estate, building or road, as you call it. You may leave it empty if the words say it."),
    )
    photos = photos()
    name = forms.CharField(label=_("Your name"), required=False, max_length=60)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False)
    consent_contact = forms.BooleanField(label=_("I agree that you contact me about this matter."), required=False)
    confidential = forms.BooleanField(label=_("Keep my name from everyone except those who must know."), required=False)
    website = forms.CharField(required=False)  # people never see it; programs fill it in

    def clean_phone(self) -> str:
        try:
            return personal.phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (data.get("phone") or data.get("email")) and not data.get("consent_contact"):
            self.add_error(
                "consent_contact",
                _("Tick here so that we may use your number or address, or take them out. We need neither to help."),
            )
        if data.get("website"):
            raise forms.ValidationError(_("Something filled in a field that people can't see. Please send it again."))
        return data


class CodeForm(Form):
    """A receipt code, typed in any way."""

    receipt = forms.CharField(
        label=_("Receipt code"),
        max_length=40,
        help_text=_(
            "Twelve letters and numbers on your slip, such as ACDE-FGHJ-KMNP. Capitals and dashes don't matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class AddForm(Form):
    """More words, or photos, to one's own appeal."""

    words = Words(label=_("What do you want to add?"), most=2000)
    photos = photos()


SOLVED = [("yes", _("Yes, it is solved")), ("no", _("No, not solved"))]
CONTACTED = [("yes", _("Yes")), ("no", _("No")), ("", _("I don't remember"))]
REASON_WORDS = {
    "slow": _("It took too long"),
    "not_done": _("What was said was not done"),
    "came_back": _("It came back"),
    "nobody_came": _("Nobody came to look"),
    "attitude": _("The manner was poor"),
    "not_clear": _("The answer was not clear"),
    "other": _("Something else"),
}


class RateForm(Form):
    """Solved or not, one of three grades, and, if one likes, why."""

    solved = forms.ChoiceField(label=_("Is it solved?"), choices=SOLVED, widget=forms.RadioSelect)
    grade = forms.ChoiceField(label=_("How satisfied are you?"), choices=Grade.choices, widget=forms.RadioSelect)
    contacted = forms.ChoiceField(
        label=_("Did anyone contact you about it?"), choices=CONTACTED, required=False, widget=forms.RadioSelect
    )
    reasons = forms.MultipleChoiceField(
        label=_("If something was wrong, what?"),
        choices=[(reason, REASON_WORDS[reason]) for reason in REASONS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = Words(label=_("Anything else you want to say?"), required=False, most=2000)

    def answers(self) -> dict[str, Any]:
        """What was chosen, as `followup.actions.rate` takes it."""
        data = self.cleaned_data
        return {
            "grade": data["grade"],
            "solved": data["solved"] == "yes",
            "contacted": {"yes": True, "no": False}.get(data["contacted"]),
            "reasons": data["reasons"],
            "words": data["words"],
        }


class DataForm(Form):
    """A request about one's own data, by receipt code and the telephone number given with the appeal."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect
    )
    receipt = forms.CharField(label=_("Receipt code"), max_length=40)
    phone = forms.CharField(label=_("Telephone you gave us"), max_length=40)
    words = Words(label=_("What exactly?"), required=False, most=2000)
