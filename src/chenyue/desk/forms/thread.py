"""Small forms of the case page: notes, files, looks at contact data, reports of assisting units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Attachment
from chenyue.core.forms import Form
from chenyue.desk.forms.fields import FilesField, WordsField

STAGES = [stage for stage in Attachment.Stage.choices if stage[0] != Attachment.Stage.REPORT]


class NoteForm(Form):
    words = WordsField(label=_("Internal note"), help_text=_("Only colleagues read it."))


class WordsAddedForm(Form):
    words = WordsField(label=_("Words to add"), help_text=_("The appeal's own words stay as they were told."))


class AttachForm(Form):
    attached = FilesField(label=_("Photos or PDF"), required=True)
    stage = forms.ChoiceField(label=_("They show"), choices=STAGES)


class RevealForm(Form):
    reason = forms.CharField(
        label=_("Why you need the contact data"), max_length=200, help_text=_("Your look is recorded with this reason.")
    )


class PartForm(Form):
    """`words` is the report of a part that is done, or the reason why it is excused."""

    words = WordsField(label=_("Words"), required=False, max_length=2000)
