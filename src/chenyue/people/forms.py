"""Forms of sign-in, account and the people pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people import permissions, queries
from chenyue.people.models import DataRequest, Member, Role, Sensitivity, Unit, UnitKind
from chenyue.places.models import Kind, Place

CODE = r"^[a-z][a-z0-9_-]{1,39}$"


class SignIn(Form):
    username = forms.CharField(label=_("User name"), max_length=60)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, strip=False, max_length=200)


class Code(Form):
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Six digits of your app, or one of your recovery codes.")
    )


class Password(Form):
    old = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=200,
    )
    new = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
        help_text=_("At least 10 characters; a short sentence is easy to keep in mind."),
    )
    again = forms.CharField(
        label=_("New password once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("The two new passwords are not the same."))
        return data


class Confirm(Form):
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, strip=False, max_length=200)


class MemberForm(Form):
    """A member's own data; the user name only when they are added."""

    username = forms.RegexField(
        label=_("User name"),
        regex=r"^[A-Za-z0-9._@-]{2,60}$",
        help_text=_("Letters and digits, for signing in."),
        error_messages={"invalid": _("Use letters, digits and . _ - @ only.")},
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    title = forms.CharField(label=_("Position"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, adding: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units()  # type: ignore[attr-defined]
        if not adding:
            del self.fields["username"]

    @staticmethod
    def of(member: Member) -> dict[str, Any]:
        """What the form shows of a member at first."""
        return {field: getattr(member, field) for field in ("name", "unit", "title", "phone", "email")}


class GrantForm(Form):
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.order_by("pk"))
    unit = forms.ModelChoiceField(
        label=_("Only within this unit"), queryset=Unit.objects.none(), required=False, empty_label=_("everywhere")
    )
    place = forms.ModelChoiceField(
        label=_("Only at this place"), queryset=Place.objects.none(), required=False, empty_label=_("everywhere")
    )
    sensitivity = forms.ChoiceField(label=_("May see up to"), choices=Sensitivity.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units()  # type: ignore[attr-defined]
        kinds = [Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING]
        self.fields["place"].queryset = (  # type: ignore[attr-defined]
            Place.objects.filter(kind__in=kinds, active=True).order_by("community_id", "estate_id", "pk")
        )


class UnitForm(Form):
    code = forms.RegexField(
        label=_("Code"), regex=CODE, error_messages={"invalid": _("Small letters, digits, - and _; 2 to 40.")}
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    community = forms.ModelChoiceField(
        label=_("Community it stands for"),
        queryset=Place.objects.filter(kind=Kind.COMMUNITY, active=True).order_by("pk"),
        required=False,
        help_text=_("For residents' and village committees: what happens there is theirs."),
    )
    estates = forms.ModelMultipleChoiceField(
        label=_("Estates it looks after"),
        queryset=Place.objects.filter(kind=Kind.ESTATE, active=True).order_by("community_id", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        help_text=_("For property firms: what happens there is theirs."),
    )
    phone = forms.CharField(label=_("Duty telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, adding: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not adding:
            del self.fields["code"]

    @staticmethod
    def of(unit: Unit) -> dict[str, Any]:
        """What the form shows of a unit at first."""
        shown = {field: getattr(unit, field) for field in ("name", "kind", "community", "phone", "email", "note")}
        return shown | {"estates": list(unit.estates.values_list("pk", flat=True))}


class RoleForm(Form):
    code = forms.RegexField(
        label=_("Code"), regex=CODE, error_messages={"invalid": _("Small letters, digits, - and _; 2 to 40.")}
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=lambda: list(permissions.WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, adding: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not adding:
            del self.fields["code"]


class RequestForm(Form):
    """A request about personal data, taken at the counter or by telephone."""

    phone = forms.CharField(label=_("Telephone"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=DataRequest.Kind.choices)
    words = forms.CharField(label=_("In their own words"), widget=forms.Textarea, required=False, max_length=2000)


class IdentityForm(Form):
    """How a member made sure that it is the person themselves who asks."""

    how = forms.ChoiceField(
        label=_("How did you make sure?"), choices=DataRequest.Identity.choices, widget=forms.RadioSelect
    )


class CorrectForm(Form):
    """A person's own data, as it should be."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class Decision(Form):
    granted = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Granted")), ("no", pgettext_lazy("request", "Refused"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea, required=False, max_length=1000,
        help_text=_("A refusal needs one; the resident is told."),
    )  # fmt: skip


class ConsentForm(Form):
    purpose = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea, max_length=4000)
