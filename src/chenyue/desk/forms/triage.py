"""Correcting what was suggested, in one form: what, where, how urgent, whose."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.cases import actions
from chenyue.cases.lifecycle import Move
from chenyue.core.actors import Actor
from chenyue.desk.forms.fields import UnitField, UnitsField
from chenyue.desk.forms.moves import TriageForm


class CorrectForm(TriageForm):
    """Triage and, for who may dispatch, the units; units left empty are the catalogue's."""

    lead_id = UnitField(label=_("Lead unit"), required=False, help_text=_("Empty: as the catalogue says."))
    assist_ids = UnitsField()

    def __init__(self, *args: Any, dispatches: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispatches = dispatches
        if not dispatches:
            del self.fields["lead_id"], self.fields["assist_ids"]

    def apply(self, by: Actor, at: datetime) -> dict[str, Any]:
        """Triage, then dispatch where the member may."""
        found = self.details()
        units = {name: found.pop(name, None) or None for name in ("lead_id", "assist_ids")}
        version = self.cleaned_data["version"]
        case = actions.move(case=self.case, move=Move.TRIAGE, by=by, at=at, version=version, **found)
        if self.dispatches:
            case = actions.move(case=case, move=Move.DISPATCH, by=by, at=at, **units)
        return {"number": case.number}
