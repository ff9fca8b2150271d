"""Forms of hotline tables: the table itself, and which heading means what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.gateway.hotline.columns import FIELDS, NEEDED
from chenyue.gateway.models import HotlineBatch, HotlineSource


class TableForm(Form):
    """A table and who sent it."""

    sender = forms.CharField(
        label=_("Who sent it"), max_length=60, help_text=_("What its headings mean is remembered for this name.")
    )
    table = forms.FileField(
        label=_("The table"), help_text=_("Excel of any age, ODS, CSV, or a web page named .xls; up to 30 MB.")
    )

    def senders(self) -> list[str]:
        """Names used before, to pick from."""
        return list(HotlineSource.objects.order_by("-last_used_at", "name").values_list("name", flat=True)[:20])


class ColumnsForm(Form):
    """Each of our fields with the heading it stands under."""

    known = forms.ChoiceField(
        label=_("Orders that were filed before"), choices=HotlineBatch.Known.choices, widget=forms.RadioSelect
    )

    def __init__(self, batch: HotlineBatch, *args: Any, **kwargs: Any) -> None:
        initial = {f"column_{name}": heading for name, heading in batch.columns.items()}
        super().__init__(*args, initial=initial | {"known": batch.known, "sheet": batch.sheet}, **kwargs)
        headings = [("", _("– not in this table –")), *((h, h) for h in batch.headings)]
        for name, (label, _words) in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=str(label), choices=headings, required=name in NEEDED
            )
        if len(batch.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(s, s) for s in batch.sheets])

    def columns(self) -> dict[str, str]:
        """Field → heading, as chosen."""
        return {name: self.cleaned_data.get(f"column_{name}", "") for name in FIELDS}

    def chosen(self) -> list[Any]:
        """The fields of the headings, for the page."""
        return [self[f"column_{name}"] for name in FIELDS]
