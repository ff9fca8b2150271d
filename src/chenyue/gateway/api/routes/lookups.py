"""What several operations look up by what a caller sent; a refusal names the field."""

from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.people.models import Member, Unit


def unit_by(code: str, field: str = "unit") -> Unit:
    """The unit with this code."""
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refusal(_("There is no unit with this code."), field=field, code="unit")
    return found


def unit_or_none(code: str | None, field: str = "unit") -> Unit | None:
    """The unit with this code; None where none is said."""
    return unit_by(code, field) if code else None


def member_or_none(pk: int | None, field: str) -> Member | None:
    """The active member of this id; None where none is said."""
    if pk is None:
        return None
    found = Member.objects.select_related("unit").filter(pk=pk, is_active=True).first()
    if found is None:
        raise Refusal(_("Choose one from the list."), field=field, code="choice")
    return found
