"""The secret link of a venue's calling screen and kiosk."""

from django.utils.translation import gettext as _

from chenyue.core.errors import NotFound
from chenyue.reception.models import Venue


def venue_by(token: str) -> Venue:
    """The venue whose screens have this link. Raises NotFound, in words for whoever stands before the screen."""
    venue = Venue.objects.filter(screen_token=token, active=True).first() if token else None
    if venue is None:
        raise NotFound(_("This link of a screen was renewed or is mistyped. A colleague finds the new one."))
    return venue
