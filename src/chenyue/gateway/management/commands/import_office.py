"""`manage.py import_office FILE.tar`: an office that was taken out arrives in an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.gateway.archives import incoming, passphrase
from chenyue.timeline.actions import record


class Command(BaseCommand):
    help = "Bring an office that `export_office` took out into this empty installation, and prove it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--passphrase-file", type=Path, help="a file whose only line is the passphrase")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            secret = passphrase.ask(options["passphrase_file"], new=False)
            arrived = incoming.read(options["file"], secret, self.stdout.write)
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        except OSError as error:
            raise CommandError(_("The archive can't be brought in: %(error)s") % {"error": error}) from error
        counts = {"rows": sum(arrived.rows.values()), "files": arrived.files, "made": arrived.made}
        record(subject="office:archives", verb="gateway.archive_arrived", by=SYSTEM, at=timezone.now(), data=counts)
        said = _("%(rows)d rows and %(files)d files are here, each row read back and compared with the archive.")
        self.stdout.write(said % counts)
        self.stdout.write(_("The word index of %(count)d cases is made.") % {"count": arrived.cases})
        if arrived.faults:
            said = _("The timeline was broken when the archive was made, and still is: %(where)s")
            self.stderr.write(said % {"where": arrived.faults[0]})
        else:
            self.stdout.write(_("Every chain of the timeline is proved. Everybody signs in again."))
