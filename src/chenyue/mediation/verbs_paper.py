"""What entries about papers and dossiers say: who had them made, who took them, that they were closed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import chrome
from chenyue.mediation import tabs
from chenyue.mediation.dossier import archiving, papermaking  # noqa: F401 – archiving brings a tick
from chenyue.mediation.saying import blanks, said

Data = dict[str, Any]

blanks("dossier_asked", gettext_lazy("Volume %(volume)d of the dossier was asked for"), "volume", icon="file-text")
blanks(
    "dossier_archived", gettext_lazy("Volume %(volume)d of the dossier was closed: %(pages)d pages"), "volume", "pages",
    tone="done", icon="circle-check",
)  # fmt: skip


@said("dossier_opened", "", "download")
def opened(data: Data) -> str:
    if data["what"] == "whole":
        return _("Volume %(volume)d of the dossier was downloaded") % {"volume": data["volume"]}
    return _("Part %(order)d of volume %(volume)d was downloaded") % {"order": data["order"], "volume": data["volume"]}


@said("dossier_paper", "", "download")
def paper(data: Data) -> str:
    title = papermaking.TITLES.get(data["paper"], data["paper"])
    return _("A paper was made and downloaded: %(title)s") % {"title": title}


chrome.states(
    "dossier",
    {
        "asked": (gettext_lazy("Being made"), "wait", "clock"),
        "made": (gettext_lazy("Made, not closed"), "brand", "file-text"),
        "failed": (gettext_lazy("Couldn't be made"), "late", "alert-triangle"),
        "archived": (gettext_lazy("Closed"), "done", "circle-check"),
    },
)
tabs.register("dossier", gettext_lazy("Dossier"), "mediation:dossier", 80)
