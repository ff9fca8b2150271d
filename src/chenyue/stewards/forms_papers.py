"""The form for posters and cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.stewards.printing import KINDS


class PapersForm(Form):
    """What is printed, and for which buildings."""

    kind = forms.ChoiceField(label=_("What is printed?"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    where = forms.TypedChoiceField(label=_("For which buildings?"), coerce=int)
    changed = forms.BooleanField(
        label=_("Only where who answers has changed since the last print"),
        required=False,
        help_text=_("Buildings that were never printed count as changed."),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = places  # type: ignore[attr-defined]
