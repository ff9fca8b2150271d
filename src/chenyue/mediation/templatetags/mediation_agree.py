"""What the pages of agreements share: the linter's remarks beside their place."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template

from chenyue.mediation import signing
from chenyue.mediation.linting import Remark
from chenyue.mediation.models import Signature

register = template.Library()
LEVELS = {"stops": "late", "warns": "due", "hints": ""}


@register.inclusion_tag("mediation/_remarks.html")
def remarks_at(remarks: Sequence[Remark], *places: object) -> dict[str, Any]:
    """The remarks on a place: `{% remarks_at remarks "clause-" 2 %}`; a place ending in `*` takes all below it."""
    place = "".join(str(part) for part in places)
    of = place.removesuffix("*")
    found = [one for one in remarks if one.where == of or (place.endswith("*") and one.where.startswith(of))]
    return {"found": [(one, LEVELS[one.level]) for one in found]}


@register.filter
def label_of(labels: Mapping[int, str], pk: int | None) -> str:
    """How an agreement calls a party."""
    return labels.get(pk or 0, "—")


@register.filter
def yuan(amount: Decimal | None) -> str:
    """A sum, grouped, with its cents."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def drawn(mark: Signature) -> str:
    """The drawing of a signature on a screen, as an SVG path."""
    return signing.path_of(mark)


@register.filter
def stopping(remarks: Sequence[Remark]) -> int:
    """How many of them make it unsignable."""
    return sum(one.level == "stops" for one in remarks)
