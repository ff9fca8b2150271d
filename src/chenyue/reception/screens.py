"""The secret link of a venue's calling screen and kiosk: finding its venue, and renewing it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.people.rules import may
from chenyue.reception.models import Venue
from chenyue.timeline.actions import record


def venue_by(token: str) -> Venue:
    """The venue whose screens have this link. Raises NotFound, in words for whoever stands before the screen."""
    venue = Venue.objects.filter(screen_token=token, active=True).first() if token else None
    if venue is None:
        raise NotFound(_("This link of a screen was renewed or is mistyped. A colleague finds the new one."))
    return venue


def renew(*, venue: Venue, by: Actor, at: datetime) -> dict[str, Any]:
    """Give the screens of a venue a new link; whoever has the old one sees nothing from then on."""
    if not may(by.user, "reception.venues"):
        raise NotAllowed
    with transaction.atomic():
        row = Venue.objects.select_for_update().get(pk=venue.pk)
        row.screen_token = ids.token()
        row.save(update_fields=["screen_token"])
        record(subject=row.subject, verb="venue.screens_renewed", by=by, at=at)
    return {}
