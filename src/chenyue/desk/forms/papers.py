"""The form for an office's own Word template."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class TemplateForm(Form):
    """A .docx that takes the place of the one that ships."""

    template = forms.FileField(
        label=_("Your own template"),
        help_text=_("A Word document (.docx) of up to 5 MB, without macros. It is looked at and filled with a sample."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
