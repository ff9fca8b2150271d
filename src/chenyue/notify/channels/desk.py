"""On the desk: notices, which need no sending."""

from django.utils.translation import gettext_lazy as _

from chenyue.notify.channels.register import Channel, Reach

CHANNEL = Channel(
    code="in_app",
    name=_("On the desk"),
    reach=Reach.DESK,
    icon="bell",
    about=_("Always connected: notices stand on each member's desk."),
    always=True,
)
