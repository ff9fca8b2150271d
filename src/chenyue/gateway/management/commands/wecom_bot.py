"""`manage.py wecom_bot`: hold the long connection of a WeCom smart robot. A process of its own, beside the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import bot


class Command(BaseCommand):
    """Connect, and stay until something ends it; whoever started it starts it again."""

    help = "Hold the long connection of a WeCom smart robot (needs requirements-wecom.lock)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which robot, where there are several."""
        parser.add_argument("--name", default="", help="name of the connection, if there are several robots")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the robot, hold it, say why it ended."""
        rows = WecomLink.objects.filter(kind=WecomLink.Kind.BOT, on=True, ended_at=None).order_by("pk")
        link = (rows.filter(name=options["name"]) if options["name"] else rows).first()
        if link is None:
            raise CommandError(_("No smart robot is switched on: set-up → Channels → WeCom."))
        try:
            self.stdout.write(_("Robot “%(name)s” is being connected. Ctrl-C ends it.") % {"name": link.name})
            self.stdout.write(bot.start(link))
        except KeyboardInterrupt:
            bot.let_go(link, bot.me())
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
