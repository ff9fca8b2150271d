"""Filters of case lists: read from a query string, said in words, applied to rows.

Each filter is data in `FILTERS`: how to read its value, how to narrow the rows, how to say it. A package
above (ratings, boards) adds its own by `register`, so that each figure can open the list behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases import search
from chenyue.cases.lifecycle import ENDED, OPEN, STATE_WORDS, WORKING, State
from chenyue.cases.models import Assignment, Case, Channel, Result
from chenyue.catalogue.models import Handling, Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.people.models import Member
from chenyue.places.queries import gazetteer

Rows = QuerySet[Case]
YEARS = range(1900, 2200)  # a day beyond can't be reckoned with
GROUPS: dict[str, tuple[tuple[State, ...], Promise]] = {
    "open": (OPEN, gettext_lazy("All open")),
    "working": (WORKING, gettext_lazy("With a unit")),
    "ended": (ENDED, gettext_lazy("Ended")),
}


@dataclass(frozen=True)
class Context:
    """For whom and when a list is made."""

    member: Member
    at: datetime
    newest: int = 0  # of the cases that hold a word, look at so many of the newest only; see `search.matching`
    few: bool = False  # only open cases are asked for
    branches: list[list[Q]] = field(default_factory=list)  # filters with several values, taken apart


@dataclass(frozen=True)
class Filter:
    """One filter: its label, how it narrows the rows, how one value is said. Unknown values raise ValueError."""

    label: Promise | str
    apply: Callable[[Rows, list[str], Context], Rows]
    say: Callable[[str], str]
    many: bool = True  # several values mean "any of them"


FILTERS: dict[str, Filter] = {}


def register(name: str, filter_: Filter) -> None:
    """Add a filter under its name in the query string."""
    FILTERS[name] = filter_


def any_of(column: str, values: Sequence[Any]) -> Q:
    """One of these values. A single one is said as such: for a list of one, SQLite sorts all that it finds."""
    return Q(**{column: values[0]}) if len(values) == 1 else Q(**{f"{column}__in": values})


def one_of(rows: Rows, column: str, values: Sequence[Any], context: Context) -> Rows:
    """The rows with one of these values; the values are noted as branches, so that each can be walked by itself."""
    if len(values) > 1:
        context.branches.append([Q(**{column: value}) for value in values])
    return rows.filter(any_of(column, values))


def _choices(label: Any, column: str, choices: Any) -> Filter:
    words = dict(choices)

    def apply(rows: Rows, values: list[str], context: Context) -> Rows:
        return one_of(rows, column, [v for v in values if v in words], context)

    return Filter(label, apply, lambda value: str(words[value]))


OPEN_VALUES = [s.value for s in OPEN]
# In plain words, not as parameters: only so can the database see that the index of open cases serves.
_LISTED = ", ".join(f"'{value}'" for value in OPEN_VALUES)
STILL_OPEN = RawSQL(f'"cases_case"."state" IN ({_LISTED})', [], output_field=BooleanField())  # noqa: S611


def _states(rows: Rows, values: list[str], context: Context) -> Rows:
    wanted: list[str] = []
    for value in values:
        wanted += [s.value for s in GROUPS[value][0]] if value in GROUPS else [State(value).value]
    return one_of(rows, "state", wanted, context)


def _say_state(value: str) -> str:
    return str(GROUPS[value][1]) if value in GROUPS else str(STATE_WORDS[State(value)])


def _category(rows: Rows, values: list[str], context: Context) -> Rows:
    wanted = [c.id for c in catalogue().categories if c.code in values or c.parent_code in values]
    return one_of(rows, "category_id", wanted, context)


def _place(column: str) -> Callable[[Rows, list[str], Context], Rows]:
    def apply(rows: Rows, values: list[str], context: Context) -> Rows:
        return one_of(rows, column, [int(v) for v in values], context)

    return apply


def of_units(rows: Rows, unit_ids: list[int], few: bool = False) -> Rows:
    """Cases on which any of these units works or worked.

    As a list of keys: in the order of entry it is walked until a page is full, and other lists of keys
    (matches of words) are looked up in it. Where only a `few` rows are left, each is asked for its units instead:
    a unit of many years has a long list.
    """
    parts = Assignment.objects.filter(any_of("unit_id", unit_ids), active=True)
    return rows.filter(Exists(parts.filter(case=OuterRef("pk"))) if few else Q(pk__in=parts.values("case_id")))


def _unit_ids(values: list[str]) -> list[int]:
    return [catalogue().unit_by_code[v].id for v in values]


def _units(rows: Rows, values: list[str], context: Context) -> Rows:
    return of_units(rows, _unit_ids(values), context.few)


def _lead(rows: Rows, values: list[str], context: Context) -> Rows:
    return one_of(rows, "lead_id", _unit_ids(values), context)


def _mine(rows: Rows, values: list[str], context: Context) -> Rows:
    return rows.filter(officer=context.member)


DUE = {
    "late": gettext_lazy("Late"),
    "2h": gettext_lazy("Due within two hours"),
    "today": gettext_lazy("Due today"),
    "week": gettext_lazy("Due within seven days"),
}


def _due(rows: Rows, values: list[str], context: Context) -> Rows:
    rows = rows.filter(state__in=[s.value for s in OPEN])
    end = datetime.combine(timezone.localdate(context.at), time.max, timezone.get_current_timezone())
    limits = {
        "late": context.at,
        "2h": context.at + timedelta(hours=2),
        "today": end,
        "week": context.at + timedelta(days=7),
    }
    rows = rows.filter(resolve_due_at__lte=max(limits[v] for v in values))
    return rows if "late" in values else rows.filter(resolve_due_at__gt=context.at)


def _moment(value: str, end: bool) -> datetime:
    day = date.fromisoformat(value) + timedelta(days=1 if end else 0)
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def _since(rows: Rows, values: list[str], context: Context) -> Rows:
    return rows.filter(received_at__gte=_moment(values[0], end=False))


def _until(rows: Rows, values: list[str], context: Context) -> Rows:
    return rows.filter(received_at__lt=_moment(values[0], end=True))


def _words(rows: Rows, values: list[str], context: Context) -> Rows:
    return search.matching(rows, values[0], newest=context.newest)


def _say_category(value: str) -> str:
    return catalogue().by_code[value].name


def _say_unit(value: str) -> str:
    return catalogue().unit_by_code[value].name


def _say_place(value: str) -> str:
    place = gazetteer().get(int(value))
    if place is None:
        raise KeyError(value)
    return place.full_name


def _say_as_is(value: str) -> str:
    return value


register("state", Filter(gettext_lazy("State"), _states, _say_state))
register("category", Filter(gettext_lazy("Category"), _category, _say_category))
register("lead", Filter(gettext_lazy("Lead unit"), _lead, _say_unit))
register("unit", Filter(gettext_lazy("Unit"), _units, _say_unit))
register("community", Filter(gettext_lazy("Community"), _place("community_id"), _say_place))
register("estate", Filter(gettext_lazy("Estate"), _place("estate_id"), _say_place))
register("building", Filter(gettext_lazy("Building"), _place("building_id"), _say_place))
register("urgency", _choices(gettext_lazy("Urgency"), "urgency", Urgency.choices))
register("handling", _choices(gettext_lazy("Handling"), "handling", Handling.choices))
register("channel", _choices(gettext_lazy("Channel"), "channel", Channel.choices))
register("result", _choices(gettext_lazy("Result"), "result", Result.choices))
register("due", Filter(gettext_lazy("Promise"), _due, lambda value: str(DUE[value])))
register("from", Filter(gettext_lazy("Received from"), _since, _say_as_is, many=False))
register("to", Filter(gettext_lazy("Received until"), _until, _say_as_is, many=False))
register("mine", Filter(gettext_lazy("Officer"), _mine, lambda value: _("Mine"), many=False))
register("q", Filter(gettext_lazy("Words"), _words, _say_as_is, many=False))


@dataclass(frozen=True)
class Word:
    """A filter as words, with the query string that takes it away."""

    name: str
    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Filters:
    """What somebody asked a list for. `refused` holds what could not be understood, in sentences."""

    values: dict[str, list[str]] = field(default_factory=dict)
    order: str = "newest"
    refused: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "Filters":
        """From a QueryDict or a plain mapping. Values that mean nothing are dropped and said in `refused`."""
        values: dict[str, list[str]] = {}
        refused: list[str] = []
        for name, filter_ in FILTERS.items():
            given = query.getlist(name) if hasattr(query, "getlist") else query.get(name, [])
            given = [given] if isinstance(given, str) else list(given)
            given = [v.strip() for v in given if v and v.strip()]
            for value in given[:1] if not filter_.many else given[:20]:
                if _means_something(filter_, name, value):
                    values.setdefault(name, []).append(value)
                else:
                    refused.append(
                        _("“%(label)s: %(value)s” means nothing here and was left out.")
                        % {"label": filter_.label, "value": value[:40]}
                    )
        order = "due" if query.get("order") == "due" else "newest"
        return cls(values, order, refused)

    @property
    def few(self) -> bool:
        """Whether only open cases are asked for: one in a hundred after some years."""
        still_open = {"open", "working", *(s.value for s in OPEN)}
        asked = self.values.get("state", [])
        return self.order == "due" or "due" in self.values or (bool(asked) and still_open.issuperset(asked))

    def apply(self, rows: Rows, context: Context) -> Rows:
        """The rows that pass all filters."""
        for name, values in self.values.items():
            rows = FILTERS[name].apply(rows, values, context)
        return rows

    def query(self, **changed: Any) -> str:
        """The query string of these filters, with some replaced (None takes one away)."""
        pairs = {**self.values, **({"order": [self.order]} if self.order != "newest" else {})}
        for name, value in changed.items():
            pairs.pop(name, None)
            if value is not None:
                pairs[name] = value if isinstance(value, list) else [value]
        return urlencode(pairs, doseq=True)

    def words(self) -> list[Word]:
        """Each value as words, for the chips above a list."""
        found = []
        for name, values in self.values.items():
            for value in values:
                rest = [v for v in values if v != value]
                said = FILTERS[name].say(value)
                found.append(Word(name, str(FILTERS[name].label), said, self.query(**{name: rest or None})))
        return found


def _means_something(filter_: Filter, name: str, value: str) -> bool:
    if name == "q":
        return bool(search.phrases(value))
    if name in ("from", "to"):
        try:
            return date.fromisoformat(value).year in YEARS
        except ValueError:
            return False
    try:
        filter_.say(value)
    except (ValueError, KeyError):
        return False
    return True
