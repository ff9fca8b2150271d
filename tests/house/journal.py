"""What a request writes into the database, statement by statement."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_WRITES = re.compile(r'\s*(INSERT|UPDATE|DELETE)\b(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM)?\s+"?(\w+)', re.IGNORECASE)
_MARKS = re.compile(r'\s*(SAVEPOINT|ROLLBACK TO SAVEPOINT)\s+"?(\w+)', re.IGNORECASE)
# What is written about the asking itself, at each try: the key's own claim, the session, the counts against floods.
ASKING = frozenset({"core_idempotencykey", "django_session", "core_tally"})


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements inside that change rows, as `INSERT table`; not those about the asking itself or taken back."""
    found: list[str] = []
    marks: dict[str, int] = {}

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        mark, match = _MARKS.match(sql), _WRITES.match(sql)
        if mark and mark[1].upper() == "SAVEPOINT":
            marks[mark[2]] = len(found)
        elif mark:
            del found[marks.get(mark[2], 0) :]
        elif match and match[2].lower() not in ASKING:
            found.append(f"{match[1].upper()} {match[2].lower()}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found
