"""Who a session belongs to, read with their permissions in one statement: every page of the desk asks for both."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import F, QuerySet

from chenyue.core.prepared import prepared
from chenyue.people.models import Member
from chenyue.people.scope import hold

BACKEND = "chenyue.people.backend.Members"  # as sessions name it


@prepared
def _with_grants(*, pk: Any) -> QuerySet[Any]:
    """A member once for each grant, with what it allows and where."""
    return (
        Member.objects.filter(pk=pk)
        .annotate(
            in_unit=F("grants__unit_id"),
            at_place=F("grants__place_id"),
            so_closely=F("grants__sensitivity"),
            may=F("grants__role__permissions"),
        )
        .order_by("grants__pk")
    )


class Members(ModelBackend):
    """Django's own, but `get_user` brings the grants along."""

    def get_user(self, user_id: Any) -> Member | None:
        rows = _with_grants(pk=user_id)
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        member: Member = rows[0]
        hold(member, [(r.in_unit, r.at_place, r.so_closely, r.may) for r in rows if r.may is not None])
        return member
