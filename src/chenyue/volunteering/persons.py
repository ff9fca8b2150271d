"""Whether a member of staff and a resident are one person: nobody approves what benefits themselves.

Compared by the blind index of their telephones, and only where both are known. Residents of one telephone may be a
family; a member is then kept from approving for any of them, which errs on the safe side.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people import personal
from chenyue.people.models import Member, Resident
from chenyue.volunteering.seeing import resident_actor

NOBODY = _("No volunteer has this number: %(number)s")
GUESSES = limits.Limit("volunteering-link", 20, timedelta(minutes=15))  # links that open nothing, from one address


def same_person(member: Member | None, resident: Resident | None) -> bool:
    """Whether this member is this resident, as far as their telephones tell."""
    if member is None or resident is None or not member.phone or not resident.phone_index:
        return False
    return personal.phone_index(member.phone) == resident.phone_index


def is_them(by: Actor, resident: Resident | None) -> bool:
    """Whether the actor is this resident: signed in as one, or a member with the same telephone."""
    if resident is None:
        return False
    if by.kind == "resident":
        return by.key == resident_actor(resident).key
    return same_person(by.user, resident)


def not_oneself(by: Actor, resident: Resident | None, sentence: object) -> None:
    """Raise Refusal `oneself` with this sentence if the actor is this resident."""
    if is_them(by, resident):
        raise Refusal(str(sentence), code="oneself")
