"""Forms of the register of homes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.works import areas
from chenyue.works.fields import choose, one_of
from chenyue.works.lifecycle import AreaSource, HomeStatus
from chenyue.works.models import Project, RegisteredHome


class AreaField(forms.CharField):
    """Square metres as people write them; gives hundredths."""

    def __init__(self, *, total: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.total = total
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> int:
        written = super().clean(value) or ""
        try:
            return areas.read_total(written) if self.total else areas.read(written)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence), code="area") from refusal


class RegisterForm(Form):
    """A table of homes."""

    estate = one_of(pgettext_lazy("works", "Estates"), required=True)
    table = forms.FileField(label=_("The table (xlsx, xls, ods or csv)"))
    stated = AreaField(
        label=_("Whole area as the cover says (㎡)"), total=True, required=False,
        help_text=_("Then you see at once whether the homes add up to it."),
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "estate", [(estate.pk, estate.full_name) for estate in project.estates.all()])


class HomeForm(Form):
    """The entry of a home, put right by hand."""

    area = AreaField(label=_("Area (㎡)"))
    area_source = forms.ChoiceField(label=_("Area by"), choices=AreaSource.choices)
    status = forms.ChoiceField(label=pgettext_lazy("works", "Sold?"), choices=HomeStatus.choices)
    line = forms.CharField(label=_("Line"), max_length=20, required=False)
    use = forms.CharField(label=pgettext_lazy("works", "Use"), max_length=20, required=False)
    rented = forms.BooleanField(label=_("Rented out"), required=False)


def initial_home(home: RegisteredHome) -> dict[str, Any]:
    """What the form of a home shows at first."""
    names = ("area_source", "status", "line", "use", "rented")
    return {name: getattr(home, name) for name in names} | {"area": areas.words(home.area).replace(",", "")}


class OwnersForm(Form):
    """Who owns a home from today on: a line each, `name, ID number, telephone`."""

    owners = forms.CharField(
        label=_("Owners from today on"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("One owner a line: name, ID number, telephone, with commas between. The last two may be empty."),
    )  # fmt: skip

    def told(self) -> list[tuple[str, str, str]]:
        """(name, ID number, telephone) of each."""
        found = []
        for line in self.cleaned_data["owners"].splitlines():
            bits = [bit.strip() for bit in line.replace("，", ",").split(",")]
            name, number, phone = [*bits, "", "", ""][:3]
            if name:
                found.append((name, number, phone))
        return found
