"""What entries of mediation say; imported when the package starts. Calculators and the parties' own pages."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.mediation.lifecycle import Calculator
from chenyue.mediation.saying import said
from chenyue.mediation.tabs import register

register("calculators", gettext_lazy("Calculators"), "mediation:calculators", 90)


@said("calculated", "", "chart-bar")
def calculated(data: dict[str, Any]) -> str:
    return _("A calculation was kept: %(kind)s") % {"kind": Calculator(data["kind"]).label}


@said("calculation_shared", "", "eye")
def calculation_shared(data: dict[str, Any]) -> str:
    return _("A calculation was shown to all parties: %(kind)s") % {"kind": Calculator(data["kind"]).label}


@said("calculation_removed", "", "trash")
def calculation_removed(data: dict[str, Any]) -> str:
    return _("A calculation was taken away: %(kind)s") % {"kind": Calculator(data["kind"]).label}
