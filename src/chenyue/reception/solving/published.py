"""Reads the published shift-scheduling text format (Curtois and Qu 2014) as a `Problem`.

Sections HORIZON, SHIFTS, STAFF, DAYS_OFF, SHIFT_ON_REQUESTS, SHIFT_OFF_REQUESTS, COVER; `#` begins a comment; day 0 is
a Monday. A shift type on a day becomes a `Shift` whose id is "day:type".
"""

from collections.abc import Iterator

from chenyue.reception.solving.problem import Assignment, Day, Patterns, Person, Problem, Rules, Shift, Wish

Sections = dict[str, list[list[str]]]


def _sections(text: str) -> Sections:
    found: Sections = {}
    rows: list[list[str]] | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        if line.startswith("SECTION_"):
            rows = found.setdefault(line.removeprefix("SECTION_"), [])
        elif rows is None:
            raise ValueError(f"Line {number} stands before any section.")
        else:
            rows.append([cell.strip() for cell in line.split(",")])
    for name in ("HORIZON", "SHIFTS", "STAFF", "COVER"):
        if not found.get(name):
            raise ValueError(f"The section {name} is missing or empty.")
    return found


def read(text: str) -> Problem:
    """The problem that a file in the published format describes; ValueError says what is wrong with it."""
    sections = _sections(text)
    try:
        return _problem(sections)
    except (IndexError, KeyError) as error:
        raise ValueError(f"A row has too few cells, or names what isn't there: {error}.") from error


def _problem(sections: Sections) -> Problem:
    horizon = int(sections["HORIZON"][0][0])
    if not 1 <= horizon <= 1000:
        raise ValueError(f"A horizon of {horizon} days can't be planned.")
    minutes = {row[0]: int(row[1]) for row in sections["SHIFTS"]}
    banned = frozenset(
        (row[0], after) for row in sections["SHIFTS"] if len(row) > 2 for after in row[2].split("|") if after
    )
    off = {row[0]: frozenset(int(day) for day in row[1:] if day) for row in sections.get("DAYS_OFF", [])}
    return Problem(
        days=tuple(
            Day(workday=day % 7 < 5, weekend=day // 7 if day % 7 >= 5 else None)  # day 0 is a Monday
            for day in range(horizon)
        ),
        shifts=tuple(_shifts(sections["COVER"], minutes, horizon)),
        people=tuple(_person(row, off.get(row[0], frozenset())) for row in sections["STAFF"]),
        rules=Rules(gap=0, gap_leads=0, follow=banned, unit_most=None, most_running=None, fairness=(), unfamiliar=0),
        wishes=tuple(_wishes(sections)),
    )


def _shifts(rows: list[list[str]], minutes: dict[str, int], horizon: int) -> Iterator[Shift]:
    """One for each type on each day; what no row asks for may be worked, and costs nothing."""
    cover = {(int(row[0]), row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in rows}
    if unknown := {kind for _, kind in cover} - set(minutes):
        raise ValueError(f"There is no shift type {sorted(unknown)[0]}.")
    for day in range(horizon):
        for kind, length in minutes.items():
            need, under, over = cover.get((day, kind), (0, 0, 0))
            yield Shift(
                f"{day}:{kind}", day, kind, minutes=length, least=need, most=need, under=under, over=over, points=0
            )


def _person(row: list[str], off: frozenset[int]) -> Person:
    most = dict(pair.split("=") for pair in row[1].split("|") if pair)
    return Person(
        id=row[0],
        off=off,
        patterns=Patterns(
            most_of_kind={kind: int(count) for kind, count in most.items()},
            most_minutes=int(row[2]),
            least_minutes=int(row[3]),
            most_run=int(row[4]),
            least_run=int(row[5]),
            least_rest=int(row[6]),
            most_weekends=int(row[7]),
        ),
    )


def _wishes(sections: Sections) -> Iterator[Wish]:
    for name, wanted in (("SHIFT_ON_REQUESTS", True), ("SHIFT_OFF_REQUESTS", False)):
        for person, day, kind, weight in sections.get(name, []):
            yield Wish(person, f"{int(day)}:{kind}", int(weight), wanted)


def written(problem: Problem, assignment: Assignment) -> dict[str, list[str]]:
    """An assignment as the format's tables have it: person → shift type, or "" for a day off, for each day."""
    shifts = {shift.id: shift for shift in problem.shifts}
    table = {person.id: [""] * len(problem.days) for person in problem.people}
    for turn in assignment.turns:
        shift = shifts[turn.shift]
        table[turn.person][shift.day] = shift.kind
    return table
