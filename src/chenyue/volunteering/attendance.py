"""Who comes to an activity, for the page of who organises it: masked, in the order of signing up."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chenyue.core import text
from chenyue.core.errors import Refusal
from chenyue.people import masking
from chenyue.volunteering.lifecycle import SignUpState
from chenyue.volunteering.listing import known_as
from chenyue.volunteering.models import Activity, SignUp, Volunteer

ORDER = [SignUpState.GOING, SignUpState.CAME, SignUpState.ABSENT, SignUpState.WAITING, SignUpState.WITHDRAWN]


@dataclass(frozen=True)
class Line:
    """One sign-up as it is shown."""

    row: SignUp
    name: str
    phone: str

    @property
    def live(self) -> bool:
        """Whether it can still be taken back."""
        return self.row.state in (SignUpState.GOING, SignUpState.WAITING)


def lines(activity: Activity) -> list[Line]:
    """Everybody who signed up: who comes, who waits in the order of asking, who withdrew. One statement."""
    rows = activity.sign_ups.select_related("volunteer__resident").order_by("at", "pk")
    found = [
        Line(
            row, masking.mask_name(row.volunteer.resident.name), masking.mask_phone(row.volunteer.resident.phone)
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda line: ORDER.index(SignUpState(line.row.state)))


def volunteer_named(typed: str) -> Volunteer:
    """The volunteer by number, whole telephone or whole name. Raises Refusal at `who` for none or for several."""
    found = list(
        Volunteer.objects.filter(known_as(text.clean(typed)[:40])).select_related("resident").order_by("pk")[:6]
    )
    if not found:
        said = _("No volunteer is known by this. Take them on first, or check the number.")
        raise Refusal(said, field="who", code="unknown")
    if len(found) > 1:
        numbers = "、".join(f"{row.number} {masking.mask_name(row.resident.name)}" for row in found)
        said = _("Several volunteers fit: %(numbers)s. Write the number.") % {"numbers": numbers}
        raise Refusal(said, field="who", code="several")
    return found[0]
