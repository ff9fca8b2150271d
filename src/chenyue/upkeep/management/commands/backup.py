"""`manage.py backup`: the whole office onto the backup disk, encrypted, brought back at once to prove it."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.people.models import Member
from chenyue.upkeep import actions
from chenyue.upkeep.backups import folders, running
from chenyue.upkeep.backups.troubles import said
from chenyue.upkeep.models import BackupRun

NICE = 10  # pages come first


class Command(BaseCommand):
    help = "Backs the office up while it works, proves the backup by bringing it back, and thins out older ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", metavar="PATH", help="choose where backups go from now on, and make one there")
        parser.add_argument("--sheet", action="store_true", help="show the recovery code, and make no backup")
        parser.add_argument("--prune", action="store_true", help="only thin out older backups")
        parser.add_argument("--dry-run", action="store_true", help="with --prune: only say which would go")
        parser.add_argument("--in-background", action="store_true", help="gently, and quietly if one is running")
        parser.add_argument("--member", type=int, help="whose wish it was")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            if options["folder"] is not None:
                actions.choose_folder(typed=options["folder"], by=SYSTEM, at=at)
            if options["sheet"]:
                actions.look_at_code(by=SYSTEM, at=at)
                self.stdout.write(actions.code_for(SYSTEM))
                return
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        if options["prune"]:
            self._prune(dry=options["dry_run"])
            return
        if options["in_background"]:
            os.nice(NICE)
        asked_by = Member.objects.filter(pk=options["member"]).values_list("name", flat=True).first() or ""
        try:
            self._say(running.run(at=at, asked_by=asked_by))
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        except running.Running as error:
            if not options["in_background"]:
                raise CommandError(_("A backup is being made already.")) from error

    def _prune(self, *, dry: bool) -> None:
        going = running.thin_out(folders.current(), store_key=None, dry=dry)
        for path in going:
            self.stdout.write(path.name)
        told = _("%(count)d backups would go.") if dry else _("%(count)d backups are gone.")
        self.stdout.write(told % {"count": len(going)})

    def _say(self, found: BackupRun) -> None:
        if found.trouble:
            wrong, do = said(found.trouble, found.told)
            raise CommandError(f"{wrong} {do}")
        told = _("%(rows)d rows and %(files)d files are in %(name)s, %(size)s written; brought back and proved.")
        self.stdout.write(
            told % {"rows": found.rows, "files": found.files, "name": found.name, "size": filesizeformat(found.size)}
        )
        if folders.beside_the_office(folders.current()):
            self.stderr.write(_("It lies on the same disk as the office. Choose another one with --folder /media/…"))
        if not office.get("backup_handed_out"):
            self.stderr.write(_("Write the recovery code down and lock it away: ./manage.py backup --sheet"))
