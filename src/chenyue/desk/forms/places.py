"""Forms of one place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class RenameForm(Form):
    name = forms.CharField(label=_("Name"), max_length=60)


class AliasForm(Form):
    text = forms.CharField(
        label=_("Also called"), max_length=60, help_text=_("As people say it, such as “the block at the north gate”.")
    )
