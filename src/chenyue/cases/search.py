"""The search index of cases: pairs of characters, kept in the case's own transaction.

One row for each case holds the tokens of its number, title, place and every voice's words. SQLite
keeps it in an FTS5 table, PostgreSQL in a tsvector with a GIN index; a query is a phrase of the same
tokens, so that two characters are enough and nothing is found by accident (`3栋` does not find 13栋).
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from chenyue.cases.models import Addition, Appeal, Case
from chenyue.core import text

TABLE = "cases_search"
MAX_POSITION = 16383  # the last position a tsvector knows


def create(vendor: str, version: tuple[int, ...]) -> list[str]:
    """The statements that make the index on a database of this vendor and (SQLite) library version."""
    if vendor == "postgresql":
        return [
            f"CREATE TABLE {TABLE} (case_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
            f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)",
        ]
    # Without its own copy of the text the index is a third of the size; older libraries can't delete from such a one.
    lean = ", content='', contentless_delete=1" if version >= (3, 43) else ""
    return [f"CREATE VIRTUAL TABLE {TABLE} USING fts5(tokens{lean}, tokenize='unicode61')"]


def text_of(case: Case) -> str:
    """All that a case may be found by. Contact data is not among it."""
    parts = [case.number, case.title]
    if case.place is not None:
        parts += [case.place.full_name + case.room]
    parts += [
        f"{a.number}\n{a.title}\n{a.words}" for a in Appeal.objects.filter(case=case).only("number", "title", "words")
    ]
    parts += Addition.objects.filter(appeal__case=case).values_list("words", flat=True)
    return "\n".join(parts)


def index(case: Case, words: str | None = None) -> None:
    """Make the case findable by `words`, or by all its present words. One statement if `words` is given."""
    found = text.tokens(text_of(case) if words is None else words)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {TABLE} (case_id, tokens) VALUES (%s, %s::tsvector) "  # noqa: S608
                "ON CONFLICT (case_id) DO UPDATE SET tokens = excluded.tokens",
                [case.pk, vector(found)],
            )
        else:
            statement = f"INSERT OR REPLACE INTO {TABLE} (rowid, tokens) VALUES (%s, %s)"  # noqa: S608
            cursor.execute(statement, [case.pk, " ".join(found)])


def vector(found: Iterable[str]) -> str:
    """A tsvector literal with positions; tokens are letters, digits and characters only, so nothing needs escaping."""
    positions: dict[str, list[int]] = {}
    for position, token in enumerate(found, 1):
        if position > MAX_POSITION:
            break
        positions.setdefault(token, []).append(position)
    # 255 positions a word is all that PostgreSQL keeps.
    return " ".join(f"'{token}':{','.join(map(str, at[:255]))}" for token, at in positions.items())


def phrases(query: str) -> list[list[str]]:
    """The phrases that all must occur: one for each run of characters, word or number typed."""
    found: list[list[str]] = []
    for piece in text.pieces(query):
        tokens = text.tokens(piece)
        # The last character alone stands only at the end of a run; inside a longer one it isn't there.
        found.append(tokens[:-1] if len(tokens) > 1 else tokens)
    return found


def _fts(query: str) -> str:
    parts = []
    for phrase in phrases(query):
        prefix = "*" if len(phrase) == 1 and len(phrase[0]) == 1 else ""
        parts.append(f'"{" ".join(phrase)}"{prefix}')
    return " AND ".join(parts)


def _tsquery(query: str) -> str:
    parts = []
    for phrase in phrases(query):
        prefix = ":*" if len(phrase) == 1 and len(phrase[0]) == 1 else ""
        parts.append("(" + " <-> ".join(f"'{token}'{prefix}" for token in phrase) + ")")
    return " & ".join(parts)


def _latest(key: str, newest: int) -> str:
    return f" ORDER BY {key} DESC LIMIT {int(newest)}" if newest else ""


def matching(rows: QuerySet[Case], query: str, also: QuerySet[Appeal] | None = None, newest: int = 0) -> QuerySet[Case]:
    """Those of `rows` in which every phrase of `query` occurs, and those of the appeals `also`.

    None for a query without a word. `newest`: look at so many of the newest matches only. For who sees nearly
    everything that is the same first page, and a word of every third case costs no more than a rare one.
    """
    if not phrases(query):
        return rows.none()
    if connection.vendor == "postgresql":
        # Found first and by the index: guessing that a word is common, the planner would read every case's words.
        found = f"SELECT case_id FROM {TABLE} WHERE tokens @@ %s::tsquery{_latest('case_id', newest)}"  # noqa: S608
        sql, values = f"WITH found AS MATERIALIZED ({found}) SELECT case_id FROM found", [_tsquery(query)]  # noqa: S608
    else:
        found = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s{_latest('rowid', newest)}"  # noqa: S608
        sql, values = f"SELECT rowid FROM ({found})" if newest else found, [_fts(query)]  # noqa: S608
    if also is not None:
        more, more_values = also.order_by().values("case_id").query.sql_with_params()
        sql, values = f"{sql} UNION ALL {more}", [*values, *more_values]
    return rows.filter(Q(pk__in=RawSQL(sql, values, output_field=BigIntegerField())))  # noqa: S611
