"""Forms of the dossier."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form


class NoteForm(Form):
    """What the cover says under 备注."""

    note = forms.CharField(
        label=_("Remarks on the cover"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
