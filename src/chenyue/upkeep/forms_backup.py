"""Where the backups go, when, and how many stay."""

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.forms import Form
from chenyue.upkeep.backups import folders

OTHER, OWN = "other", "own"
PATH = _("On the machine itself, such as /media/stick/chenyue. It is made if it isn't there.")


class FolderForm(Form):
    """A disk that is plugged in, a folder named by hand, or the data folder itself."""

    disk = forms.ChoiceField(label=_("Where to"), widget=forms.RadioSelect)
    folder = forms.CharField(label=_("Folder"), max_length=250, required=False, help_text=PATH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(disk.folder), f"{disk.folder} · {_free(disk)}") for disk in folders.disks()]
        field: Any = self.fields["disk"]
        field.choices = [*found, (OTHER, _("Another folder, named below")), (OWN, _("On the office's own disk"))]
        chosen = office.get("backup_folder")
        known = chosen in dict(found)
        self.initial.setdefault("disk", chosen if known else OTHER if chosen or not found else found[0][0])
        self.initial.setdefault("folder", "" if known else chosen)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("disk") == OTHER and not data.get("folder"):
            self.add_error("folder", _("Write the whole path, such as /media/stick/chenyue."))
        return data

    def typed(self) -> str:
        """The folder that was meant; empty: the data folder itself."""
        disk = self.cleaned_data["disk"]
        return str({OTHER: self.cleaned_data["folder"], OWN: ""}.get(disk, disk))


def _free(disk: folders.Disk) -> str:
    said = _("%(free)s of %(total)s free")
    return str(said) % {"free": filesizeformat(disk.free), "total": filesizeformat(disk.total)}


class RulesForm(Form):
    """The hour, how many stay, after how many days without a proved one it's told."""

    hour = forms.IntegerField(
        label=_("Begins at (hour)"),
        min_value=0,
        max_value=23,
        help_text=_("A machine that is off then makes up for it when it's on again."),
    )
    days = forms.IntegerField(label=_("Days of which one is kept"), min_value=1, max_value=366)
    weeks = forms.IntegerField(label=_("Weeks of which one is kept"), min_value=0, max_value=260)
    months = forms.IntegerField(label=_("Months of which one is kept"), min_value=0, max_value=240)
    warn_days = forms.IntegerField(
        label=_("Tell those responsible after so many days without a proved backup"), min_value=0, max_value=60
    )


def rules_now() -> dict[str, Any]:
    """As it is kept."""
    return {"hour": office.get("backup_hour"), "warn_days": office.get("backup_warn_days")} | dict(
        office.get("backup_keep")
    )
