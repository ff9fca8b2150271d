"""`manage.py restore BACKUP`: the office as it was, on an empty data folder, with the code from the recovery sheet."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from chenyue.core import snapshots
from chenyue.core.errors import Refusal
from chenyue.upkeep import actions
from chenyue.upkeep.backups import code as codes
from chenyue.upkeep.backups import folders, keys, proving, reading

VARIABLE = "CHENYUE_RECOVERY_CODE"


class Command(BaseCommand):
    help = "Brings an office back from a backup into this empty data folder, proves it, and says what came back."
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="a backup, or the folder of the backups: then its newest")
        parser.add_argument("--code-file", type=Path, help="a file whose only line is the recovery code")
        parser.add_argument("--without-files", action="store_true", help="go on though photos or papers are missing")
        parser.add_argument("--prove", action="store_true", help="only prove the backup, and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = self._chosen(options["backup"])
        prove, without = options["prove"], options["without_files"]
        try:
            code = codes.read(_code(options["code_file"]))
            restored = reading.read(path, code, self.stdout.write, prove=prove, without_files=without)
        except Refusal as refusal:
            if prove:
                _result({"refused": refusal.code, "where": str(refusal.sentence)})
            raise CommandError(str(refusal.sentence)) from refusal
        except OSError as error:
            said = _("The backup can't be read, or this disk can't be written to: %(error)s")
            raise CommandError(said % {"error": error}) from error
        if prove:
            _result({"rows": restored.rows, "files": restored.files, "faults": restored.faults})
        else:
            snapshots.forget_all()
            actions.came_back(restored=restored, name=path.name, code=code, at=timezone.now())
            keys.write_copy(code)
        self._say(restored, prove)

    def _chosen(self, given: Path) -> Path:
        if given.is_file():
            return given.resolve()
        there = folders.named(given)
        if not there:
            raise CommandError(_("There is no backup in %(folder)s.") % {"folder": given})
        return there[max(there)].resolve()

    def _say(self, restored: reading.Restored, prove: bool) -> None:
        made = parse_datetime(restored.made)
        moment = f"{timezone.localtime(made):%Y-%m-%d %H:%M}" if made else restored.made
        said = _("The office as it was on %(made)s: %(rows)d rows and %(files)d files came back and were proved.")
        self.stdout.write(said % {"made": moment, "rows": restored.rows, "files": restored.files})
        if restored.absent:
            said = _("%(count)d photos or papers are missing: they weren't beside the backup.")
            self.stderr.write(said % {"count": restored.absent})
        if restored.faults:
            said = _("The history was broken when the backup was made, and still is: %(where)s")
            self.stderr.write(said % {"where": restored.faults[0]})
        if prove:
            self.stdout.write(_("Nothing was kept: it was a trial."))
        else:
            self.stdout.write(_("Start it now: make run DEMO=0. Members sign in as before."))


def _result(said: dict[str, Any]) -> None:
    Path(settings.HOME, proving.RESULT).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _code(file: Path | None) -> str:
    """From a file, the environment, or the keyboard; never the command line, which others see."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return ""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise Refusal(_("Give the recovery code by --code-file FILE or the variable CHENYUE_RECOVERY_CODE."))
    return input(_("Recovery code from the sheet: "))  # seen while it is typed: it is long, and typed once
