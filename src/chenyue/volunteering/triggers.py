"""The database's own guard: postings, moves, lots and hours are added, never changed or deleted; holdings follow moves.

Used by migration 0002, and by tests that tamper on purpose. A migration that alters one of these tables on SQLite
makes it anew, without its triggers: it must call `remove` before and `install` after.
"""

from typing import Any

FROZEN = [
    "volunteering_posting", "volunteering_move", "volunteering_lot", "volunteering_account",
    "volunteering_ledgerseal", "volunteering_hourentry",
]  # fmt: skip
WORDS = "rows of the ledger are never changed"
FOLLOW = "volunteering_move_follows"

# A row for each side where there is none yet, then the amount.
_FOLLOWED = "".join(
    "INSERT INTO volunteering_holding (account_id, lot_id, amount, issues) "  # noqa: S608 – no value from outside
    f"SELECT id, NEW.lot_id, 0, issues FROM volunteering_account WHERE id = NEW.{side}_id "
    "ON CONFLICT (account_id, lot_id) DO NOTHING; "
    f"UPDATE volunteering_holding SET amount = amount {sign} NEW.amount "
    f"WHERE account_id = NEW.{side}_id AND lot_id = NEW.lot_id; "
    for side, sign in (("source", "-"), ("target", "+"))
)


_SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for table in FROZEN
        for act in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER {FOLLOW} AFTER INSERT ON volunteering_move BEGIN " + _FOLLOWED + "END",
]
_POSTGRES = [
    f"""CREATE OR REPLACE FUNCTION volunteering_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$""",
    "CREATE OR REPLACE FUNCTION volunteering_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + _FOLLOWED
    + "RETURN NULL; END $$",
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"FOR EACH {'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION volunteering_refuse()"
        for table in FROZEN
        for act in ("UPDATE", "DELETE", "TRUNCATE")
    ),
    f"CREATE TRIGGER {FOLLOW} AFTER INSERT ON volunteering_move FOR EACH ROW EXECUTE FUNCTION volunteering_follow()",
]


def install(connection: Any) -> None:
    """Put the triggers in place."""
    _run(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRES)


def remove(connection: Any, follow: bool = True) -> None:
    """Take the triggers away; `follow=False` leaves the one that moves holdings."""
    on_table = connection.vendor != "sqlite"
    names = [(f"{t}_no_{a}", t) for t in FROZEN for a in ("update", "delete", *(["truncate"] if on_table else []))]
    if follow:
        names.append((FOLLOW, "volunteering_move"))
    _run(connection, [f"DROP TRIGGER IF EXISTS {n}{f' ON {t}' if on_table else ''}" for n, t in names])


def names(connection: Any) -> set[str]:
    """The triggers that must be there."""
    acts = ("update", "delete") if connection.vendor == "sqlite" else ("update", "delete", "truncate")
    return {FOLLOW, *(f"{table}_no_{act}" for table in FROZEN for act in acts)}


def present(connection: Any) -> set[str]:
    """The triggers that are there, switched on, and do what they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name for name, sql in cursor.fetchall() if sql in _SQLITE}
        cursor.execute(
            "SELECT t.tgname, f.proname, f.prosrc FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid "
            "WHERE t.tgenabled IN ('O', 'A') AND t.tgrelid::regclass::text LIKE 'volunteering_%%'", []
        )  # fmt: skip
        source = "\n".join(_POSTGRES)
        return {name for name, _function, body in cursor.fetchall() if body.strip() in source}


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
