"""Reads cases as they are counted: a few statements for a batch, whatever its size."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from chenyue.cases.models import Appeal, Assignment, Case, Return
from chenyue.followup.models import Callback, LeftOut
from chenyue.insight.facts import Asked, Given, Known, Other, Told
from chenyue.timeline.models import Entry

FIELDS = (
    "id", "community_id", "category_id", "channel", "lead_id", "building_id", "state", "sensitivity", "received_at",
    "contacted_at", "contact_due_at", "resolve_due_at", "answered_at", "closed_at",
)  # fmt: skip
ENDED = (Callback.State.RATED, Callback.State.TRIED, Callback.State.EXCLUDED)
LEFT = frozenset(LeftOut.values)
VERBS = {"case.settled": "settled", "case.reopened": "reopened"}
MANY = 200  # cases of one reporter; an office's own number is somebody's "telephone" at times


def known(ids: Sequence[int]) -> list[Known]:
    """These cases with their rows. Seven statements."""
    rows = list(Case.objects.filter(pk__in=ids).values_list(*FIELDS, "number"))
    told, people = _told(ids)
    others = _others(people)
    given = _by_case(Assignment.objects.filter(case__in=ids).values_list("case_id", "sent_at", "unit_id"), Given)
    back = Return.objects.filter(case__in=ids).values_list("case_id", "at", "assignment__unit_id")
    returned, asked = _by_case(back, Given), _asked(ids)
    acts = _acts({str(row[-1]): row[0] for row in rows})
    found = []
    for row in rows:
        pk: int = row[0]
        mine = tuple(other for who in people.get(pk, ()) for other in others.get(who, ()) if other.id != pk)
        own: dict[str, Any] = {name.removesuffix("_id"): value for name, value in zip(FIELDS, row, strict=False)}
        own |= {"told": tuple(told[pk]), "given": tuple(given[pk]), "returned": tuple(returned[pk])}
        own |= {"settled": tuple(acts["settled"][pk]), "reopened": tuple(acts["reopened"][pk])}
        found.append(Known(**own, asked=tuple(asked[pk]), others=mine))
    return found


def with_others(ids: Iterable[int]) -> set[int]:
    """These cases and all whose counts hang on them: other cases of their reporters."""
    wanted = set(ids)
    people = set(
        Appeal.objects.filter(case__in=wanted, reporter__isnull=False).values_list("reporter_id", flat=True).order_by()
    )
    return wanted | {other.id for several in _others({0: people}).values() for other in several}


def _told(ids: Sequence[int]) -> tuple[dict[int, list[Told]], dict[int, set[int]]]:
    told: dict[int, list[Told]] = defaultdict(list)
    people: dict[int, set[int]] = defaultdict(set)
    rows = Appeal.objects.filter(case__in=ids).order_by("pk").values_list("case_id", "received_at", "reporter_id")
    for case, at, reporter in rows:
        told[case].append(Told(at, reporter))
        if reporter is not None:
            people[case].add(reporter)
    return told, people


def _others(people: dict[int, set[int]]) -> dict[int, list[Other]]:
    """By reporter, the normal cases they told of, the newest so many."""
    found: dict[int, list[Other]] = defaultdict(list)
    who = {one for several in people.values() for one in several}
    if not who:
        return found
    rows = (
        Appeal.objects.filter(reporter__in=who, case__sensitivity="normal")
        .order_by("reporter_id", "-case_id")
        .values_list("case_id", "reporter_id", "case__building_id", "case__category_id", "case__received_at")
        .distinct()
    )
    for row in rows:
        if len(found[row[1]]) < MANY:
            found[row[1]].append(Other(*row))
    return found


def _by_case(rows: Iterable[tuple[Any, ...]], kind: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case, *rest in rows:
        found[case].append(kind(*rest))
    return found


def _asked(ids: Sequence[int]) -> dict[int, list[Asked]]:
    found: dict[int, list[Asked]] = defaultdict(list)
    rows = Callback.objects.filter(case__in=ids, state__in=ENDED, ended_at__isnull=False).values_list(
        "case_id", "ended_at", "state", "excluded_reason", "contacted_in_time", "rating__contacted", "rating__solved",
        "rating__grade",
    )  # fmt: skip
    for case, at, state, reason, in_time, said, solved, grade in rows:
        if at is None:  # asked for above, unknown to the types
            continue
        left = reason if state != Callback.State.RATED and reason in LEFT else ""
        # Who says that nobody contacted them is believed.
        found[case].append(Asked(at, left, bool(in_time) and said is not False, bool(solved), grade or ""))
    return found


def _acts(numbers: dict[str, int]) -> dict[str, dict[int, list[Any]]]:
    """When cases were settled at once and reopened, by the timeline."""
    found: dict[str, dict[int, list[Any]]] = {name: defaultdict(list) for name in VERBS.values()}
    subjects = [f"case:{number}" for number in numbers]
    for subject, verb, at in Entry.objects.filter(subject__in=subjects, verb__in=VERBS).values_list(
        "subject", "verb", "at"
    ):
        found[VERBS[verb]][numbers[subject.removeprefix("case:")]].append(at)
    return found
