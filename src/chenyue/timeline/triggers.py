"""The database's own guard: entries and seals are added, never changed or deleted; heads follow.

Used by migration 0002, and by tests that tamper on purpose.
"""

from typing import Any

FROZEN = ["timeline_entry", "timeline_seal"]

_SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'timeline rows are never changed'); END"
        for table in FROZEN
        for act in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER timeline_entry_moves_head AFTER INSERT ON timeline_entry BEGIN
    UPDATE timeline_chain SET head = NEW.hash WHERE subject = NEW.subject; END""",
]
_POSTGRES = [
    """CREATE OR REPLACE FUNCTION timeline_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'timeline rows are never changed'; END $$""",
    """CREATE OR REPLACE FUNCTION timeline_move_head() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE timeline_chain SET head = NEW.hash WHERE subject = NEW.subject; RETURN NULL; END $$""",
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"FOR EACH {'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION timeline_refuse()"
        for table in FROZEN
        for act in ("UPDATE", "DELETE", "TRUNCATE")
    ),
    """CREATE TRIGGER timeline_entry_moves_head AFTER INSERT ON timeline_entry
    FOR EACH ROW EXECUTE FUNCTION timeline_move_head()""",
]

ENTRY = (
    "id", "subject", "position", "verb", "actor_kind", "actor_key", "actor_label", "at", "data", "visible_to",
    "previous", "hash",
)  # fmt: skip
_FORGETTING = [
    """CREATE OR REPLACE FUNCTION timeline_only_forget() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.said IS NULL AND to_jsonb(NEW) - 'said' = to_jsonb(OLD) - 'said' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'timeline rows are never changed'; END $$""",
    "DROP TRIGGER IF EXISTS timeline_entry_no_update ON timeline_entry",
    """CREATE TRIGGER timeline_entry_no_update BEFORE UPDATE ON timeline_entry
    FOR EACH ROW EXECUTE FUNCTION timeline_only_forget()""",
]


def install(connection: Any) -> None:
    """Put the triggers in place."""
    _run(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRES)


def remove(connection: Any, heads: bool = True) -> None:
    """Take the triggers away; `heads=False` leaves the one that moves the heads."""
    on_table = connection.vendor != "sqlite"
    names = [(f"{t}_no_{a}", t) for t in FROZEN for a in ("update", "delete", *(["truncate"] if on_table else []))]
    if heads:
        names.append(("timeline_entry_moves_head", "timeline_entry"))
    _run(connection, [f"DROP TRIGGER IF EXISTS {n}{f' ON {t}' if on_table else ''}" for n, t in names])


def allow_forgetting(connection: Any) -> None:
    """Let the words beside an entry be blanked, and nothing else be changed (migration 0003)."""
    if connection.vendor == "sqlite":
        same = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in ENTRY)
        guard = (
            f"CREATE TRIGGER timeline_entry_no_update BEFORE UPDATE ON timeline_entry "
            f"WHEN NEW.said IS NOT NULL OR {same} BEGIN SELECT RAISE(ABORT, 'timeline rows are never changed'); END"
        )
        _run(connection, ["DROP TRIGGER IF EXISTS timeline_entry_no_update", guard])
        return
    _run(connection, _FORGETTING)


def refuse_forgetting(connection: Any) -> None:
    """As it was before migration 0003."""
    on_table = "" if connection.vendor == "sqlite" else " ON timeline_entry"
    every = _SQLITE if connection.vendor == "sqlite" else _POSTGRES
    guard = next(statement for statement in every if "TRIGGER timeline_entry_no_update" in statement)
    _run(connection, [f"DROP TRIGGER IF EXISTS timeline_entry_no_update{on_table}", guard])


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
