"""From data to papers: one document as PDF and Word; every kind registered with its Word template."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import papers, word_templates
from chenyue.core.errors import Sentence
from chenyue.mediation.dossier import forms
from chenyue.mediation.dossier.layout import Form, drawn

DATA = Path(__file__).parents[1] / "data" / "dossier"
FORM = DATA / "form.typ"
CODE = "mediation.{}"  # of a Word template

TITLES: dict[str, Sentence] = {
    "cover": _("Mediation: cover of the dossier"),
    "index": _("Mediation: index of the dossier"),
    "application": _("Mediation: application"),
    "acceptance": _("Mediation: register form of acceptance"),
    "not_accepted": _("Mediation: notice of not being accepted"),
    "rights": _("Mediation: notice of rights and duties"),
    "identity": _("Mediation: proof of identity"),
    "authority": _("Mediation: power of attorney"),
    "inquiry": _("Mediation: record of an inquiry"),
    "evidence": _("Mediation: list of evidence"),
    "minutes": _("Mediation: record of a meeting"),
    "notice": _("Mediation: invitation to a meeting"),
    "visits": _("Mediation: record of visits afterwards"),
    "agreement": _("Mediation: agreement"),
    "certified": _("Mediation: certified copy of a lost original"),
    "oral": _("Mediation: register form of an oral agreement"),
    "performance": _("Mediation: proof of performance"),
    "confirmation": _("Mediation: application for judicial confirmation"),
    "confirming": _("Mediation: papers of judicial confirmation"),
    "termination": _("Mediation: notice of termination"),
    "closing": _("Mediation: closing report"),
    "situation": _("Mediation: statement on the dossier"),
    "back": _("Mediation: back of the dossier"),
    "unperformed": _("Mediation: notice of rights when an agreement isn't kept"),
}
BARE = frozenset({"cover", "index", "back"})  # without a foot: their pages are the file's own


def drawing(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the typesetter gets for a document."""
    foot = "" if form.code in BARE else f"{form.title}　{data['file_number']}"
    return {"title": form.title, "committee": data["committee"], "foot": foot, "blocks": drawn(form.blocks, data)}


def orders(code: str, data: Mapping[str, Any], *, shipped: bool = False) -> list[papers.Order]:
    """A document as PDF and as Word, to be made together with others. `shipped`: never an office's own template."""
    template = (DATA / f"{code}.docx").read_bytes() if shipped else word_templates.current(CODE.format(code))
    return [papers.Order("pdf", FORM, drawing(forms.ALL[code], data)), papers.Order("word", template, data)]


def paper(code: str, data: Mapping[str, Any], kind: str, at: datetime) -> papers.Paper:
    """One document by itself, while somebody waits; `kind`: pdf or word. Raises Refusal, TooSlow."""
    if kind == "pdf":
        return papers.pdf(FORM, drawing(forms.ALL[code], data), at=at)
    return word_templates.fill(CODE.format(code), data)


for _form in forms.ALL.values():
    word_templates.register(
        CODE.format(_form.code),
        TITLES[_form.code],
        DATA / f"{_form.code}.docx",
        lambda sample=_form.sample: sample,  # type: ignore[misc]
    )
