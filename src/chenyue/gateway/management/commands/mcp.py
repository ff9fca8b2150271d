"""`manage.py mcp`: tools for an assistant, over pipes or over HTTP. It reads and drafts; it changes nothing."""

import asyncio
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from chenyue.gateway.assistants import server


class Command(BaseCommand):
    help = "Serve tools for an assistant by the Model Context Protocol (needs requirements-mcp.lock)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--http", action="store_true", help="over HTTP at /mcp, each call with its own token")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=7071)
        parser.add_argument("--name", action="append", default=[], help="a name under which it's reached from outside")

    def handle(self, *args: Any, **options: Any) -> None:
        if not server.installed():
            raise CommandError(_("MCP isn't installed: uv pip install --require-hashes -r requirements-mcp.lock"))
        if not options["http"]:
            if not os.environ.get(server.TOKEN):
                raise CommandError(_("Give the token by the variable %(name)s.") % {"name": server.TOKEN})
            asyncio.run(server.over_pipes())
            return
        import uvicorn

        application = server.over_http(options["host"], options["port"], options["name"])
        uvicorn.run(application, host=options["host"], port=options["port"], log_config=None, access_log=False)
