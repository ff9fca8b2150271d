"""Forms of boards: whose board, and wall screens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class ShowForm(Form):
    """Which of the boards that one may see."""

    show = forms.ChoiceField(label=_("Whose board"))

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = choices  # type: ignore[attr-defined]


class ScreenForm(Form):
    """A new wall screen."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Where it hangs, such as: duty room, second floor.")
    )
    shown = forms.ChoiceField(label=_("Whose board it shows"))

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].choices = choices  # type: ignore[attr-defined]


class NameForm(Form):
    """Another name for a screen."""

    name = forms.CharField(label=_("Name"), max_length=60)
