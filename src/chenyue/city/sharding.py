"""Offices on the machines of a Citus cluster: a schema is what it moves as a whole.

Since version 12 Citus shards by schema: `citus_schema_distribute` puts all tables of a schema on one machine, where
its foreign keys, triggers and transactions stay as they were. A transaction that writes in the register too (a
hand-over) then spans two machines, and Citus commits it in two phases.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from chenyue.city import register
from chenyue.core.whose import within

OLDEST = 12


@dataclass
class Cluster:
    """What was found: what is missing (nothing can be done then), and which schemas are distributed."""

    missing: list[str] = field(default_factory=list)
    workers: int = 0
    distributed: set[str] = field(default_factory=set)


def look() -> Cluster:
    """Look whether this database is the coordinator of a cluster that can take offices."""
    found = Cluster()
    with within(""), connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'citus'")
        row = cursor.fetchone()
        if row is None:
            found.missing += _absent(cursor)
            return found
        major = int(row[0].split(".")[0].split("-")[0])
        if major < OLDEST:
            found.missing.append(
                _("Citus %(version)s can't shard by schema: version 12 or newer is needed.") % {"version": row[0]}
            )
            return found
        cursor.execute("SELECT count(*) FROM pg_dist_node WHERE isactive AND shouldhaveshards")
        found.workers = cursor.fetchone()[0]
        if not found.workers:
            found.missing.append(_("No machine of the cluster takes data. Add one by citus_add_node('name', 5432)."))
        cursor.execute("SELECT schema_name::text FROM citus_schemas")
        found.distributed = {name for (name,) in cursor.fetchall()}
    return found


def _absent(cursor: Any) -> list[str]:
    cursor.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'citus'")
    row = cursor.fetchone()
    if row is None:
        return [
            _("This server has no Citus. Install it (postgresql-…-citus) on each machine."),
            _("Then set shared_preload_libraries = 'citus', start the server again and CREATE EXTENSION citus."),
        ]
    return [_("Citus %(version)s is installed but not in this database: CREATE EXTENSION citus.") % {"version": row[0]}]


def to_do(cluster: Cluster) -> list[str]:
    """Schemas of offices that aren't distributed yet."""
    return [one.schema for one in register.offices(fresh=True) if one.schema not in cluster.distributed]


def distribute(schema: str) -> None:
    """Let the cluster move an office to one of its machines."""
    with within(""), connection.cursor() as cursor:
        cursor.execute("SELECT citus_schema_distribute(%s::regnamespace)", [schema])
