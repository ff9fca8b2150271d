"""`manage.py shard_offices`: offices on the machines of a Citus cluster."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from chenyue.city import sharding


class Command(BaseCommand):
    help = "Distributes the schemas of offices over a Citus cluster; says what is missing where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = sharding.look()
        if cluster.missing:
            for sentence in cluster.missing:
                self.stderr.write(sentence)
            raise CommandError("No office was moved.")
        schemas = sharding.to_do(cluster)
        self.stdout.write(
            f"{cluster.workers} machines take data; {len(cluster.distributed)} schemas are distributed, "
            f"{len(schemas)} offices are not."
        )
        failed = []
        for schema in [] if options["dry_run"] else schemas:
            try:
                sharding.distribute(schema)
                self.stdout.write(f"{schema}: distributed")
            except DatabaseError as error:
                failed.append(schema)
                self.stderr.write(f"{schema}: {error}")
        if failed:
            raise CommandError(f"failed for {', '.join(failed)}")
