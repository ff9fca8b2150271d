"""`manage.py read_chat FILE --output OUT.json`: a group chat as appeals and incidents. Nothing is stored."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway.chat import gold, reading
from chenyue.gateway.chat.understanding import understand


class Command(BaseCommand):
    """Read a chat in any form, and write who tells of which trouble, where."""

    help = "Read a group chat (pasted, exported or forwarded) and write its appeals and incidents as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and where the result goes."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--output", type=Path, required=True, metavar="OUT.json")
        parser.add_argument("--group", default="", help="name of the group, where the file doesn't tell it")
        parser.add_argument("--home", default="", help="the group's place, such as an estate and building")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, understand, write; a chat that can't be read is said in a sentence."""
        file: Path = options["file"]
        at = timezone.now()
        try:
            chat = reading.read_file(file.read_bytes(), file.name, at)
        except OSError as error:
            raise CommandError(_("The file can't be read: %(error)s") % {"error": error}) from error
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        chat.group = options["group"] or chat.group
        chat.home = options["home"] or chat.home
        found = gold.to_json(understand(chat, at), file.name.split(".")[0])
        options["output"].write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for part in chat.broken:
            self.stderr.write(_("Line %(line)d: %(why)s") % {"line": part.line, "why": part.sentence})
        told = sum(len(one["message_ids"]) for one in found["incidents"].values())
        self.stdout.write(
            _("%(messages)d messages, %(told)d of them in %(incidents)d incidents.")
            % {"messages": len(chat.messages), "told": told, "incidents": len(found["incidents"])}
        )
