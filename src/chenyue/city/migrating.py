"""Migrations of all offices: several at once; one that fails is named and stops no other."""

import multiprocessing
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from chenyue.city import register
from chenyue.core import secrets
from chenyue.core.whose import within

TEMPLATE = "offices_template"  # the schema that new offices are copies of; in no register


@dataclass(frozen=True)
class Outcome:
    """What came of one schema. `error` is empty where all went well."""

    schema: str
    seconds: float
    error: str = ""


def exists(schema: str) -> bool:
    """Whether there is such a schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone() is not None


def pending(schemas: Iterable[str]) -> list[str]:
    """Those whose tables are older than the product; "" is the register. One statement each."""
    wanted = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return [schema for schema in schemas if not wanted <= _applied(schema)]


def _applied(schema: str) -> set[tuple[str, str]]:
    with within(schema), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f'"{schema or "public"}".django_migrations'])
        if cursor.fetchone() == (None,):
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def bring_up_to_date(schema: str, said: Callable[[str], Any] = str) -> None:
    """Migrate one schema if it must be; a schema that isn't there is made ("" is the public one)."""
    with within(""):
        there = not schema or exists(schema)
        if not there:
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(schema)}")
    if schema == TEMPLATE:  # migrations may ask for secrets; an office that is made gets its own
        with within(""):
            secrets.load(Path(settings.HOME) / "offices" / TEMPLATE)
    if pending([schema]):
        said(f"Making the tables of {schema or 'the register'} …")
        with within(schema):
            call_command("migrate", verbosity=0, interactive=False)


def migrate_all(jobs: int, done: Callable[[Outcome], Any] = str, codes: Iterable[str] | None = None) -> list[Outcome]:
    """Bring register, template and offices (all, or those of these codes) up to date, `jobs` at a time.

    The register comes first, alone: without it nothing is known. Outcomes of what had to be done, as they came.
    """
    bring_up_to_date("")
    only = set(codes or ())
    schemas = [office.schema for office in register.offices(fresh=True) if not only or office.code in only]
    with within(""):
        template = [TEMPLATE] if exists(TEMPLATE) and not only else []
    late = pending([*template, *schemas])
    outcomes = []
    for outcome in _several(late, max(1, jobs)):
        done(outcome)
        outcomes.append(outcome)
    return outcomes


def _several(schemas: list[str], jobs: int) -> Iterable[Outcome]:
    """A process for each schema: one that ends in any way ends alone."""
    connections.close_all()  # none may be shared by two processes
    fork = multiprocessing.get_context("fork")
    waiting = list(reversed(schemas))
    running: dict[Any, tuple[str, Any]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            schema = waiting.pop()
            ours, theirs = fork.Pipe(duplex=False)
            process = fork.Process(target=_told, args=(schema, theirs))
            process.start()
            theirs.close()  # so that the end of the process is the end of the line
            running[ours] = schema, process
        ready: Any
        for ready in wait(list(running)):
            schema, process = running.pop(ready)
            try:
                yield ready.recv()
            except EOFError:
                yield Outcome(schema, 0.0, "its process was killed")
            process.join()


def _told(schema: str, line: Any) -> None:
    line.send(migrate_one(schema))


def migrate_one(schema: str) -> Outcome:
    """Migrate one schema, in a process of its own; what went wrong is said, not raised."""
    began = time.monotonic()
    try:
        bring_up_to_date(schema)
    except Exception as error:
        return Outcome(schema, time.monotonic() - began, f"{type(error).__name__}: {error}"[:500])
    finally:
        connections.close_all()
    return Outcome(schema, time.monotonic() - began)
