"""`manage.py export_office FILE.tar`: the whole office in one file that a passphrase opens."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.gateway.archives import left_out, outgoing, passphrase
from chenyue.timeline.actions import record


class Command(BaseCommand):
    help = "Take the whole office out: all rows and files in one archive, encrypted under a passphrase."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it; must not be there yet")
        parser.add_argument("--passphrase-file", type=Path, help="a file whose only line is the passphrase")
        parser.add_argument("--with-faults", action="store_true", help="even if the timeline is broken")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        at = timezone.now()
        try:
            secret = passphrase.ask(options["passphrase_file"], new=True)
            written = outgoing.write(file, secret, self._tell(options), at=at, with_faults=options["with_faults"])
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        except DatabaseError as error:
            raise CommandError(_("The database refuses: %(error)s") % {"error": error}) from error
        except OSError as error:
            raise CommandError(_("The file can't be written: %(error)s") % {"error": error}) from error
        counts = {"rows": written.rows(), "files": written.files["count"]}
        record(subject="office:archives", verb="gateway.archive_made", by=SYSTEM, at=at, data=counts)
        for name in left_out.strange():
            self.stderr.write(_("Not in the archive: %(name)s in the data folder.") % {"name": name})
        for where in written.strange:
            said = _("%(where)s fits no key here: taken as it stands.")
            self.stderr.write(said % {"where": where})
        said = _("%(rows)d rows of %(tables)d tables and %(files)d files are in %(name)s.")
        self.stdout.write(said % {**counts, "tables": len(written.tables), "name": file})
        self.stdout.write(_("Keep the passphrase apart from the file: without it nobody can open it, we neither."))

    def _tell(self, options: dict[str, Any]) -> outgoing.Tell:
        def tell(line: str) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(line)

        return tell
