"""What is known of the people of a case, for looking over what is told about it."""

from chenyue.bulletin.leaks import Known
from chenyue.cases.models import Addition, Appeal, Case


def known_of(case: Case | None) -> Known:
    """Names, numbers, doors and words of everybody who told of this case. Four statements; nothing without a case."""
    if case is None:
        return Known()
    appeals = list(Appeal.objects.filter(case=case).select_related("reporter", "place"))
    people = [appeal.reporter for appeal in appeals if appeal.reporter is not None]
    place = case.place.full_name if case.place_id and case.place else ""
    doors = {person.address for person in people} | {appeal.place_told for appeal in appeals}
    if case.room:
        doors |= {f"{place}{case.room}", f"{case.room}室"}
    numbers = {case.number} | {appeal.number for appeal in appeals} | {appeal.receipt for appeal in appeals}
    numbers |= {appeal.external_number for appeal in appeals}
    for person in people:
        numbers |= {person.phone, person.id_number, person.email}
    said = Addition.objects.filter(appeal__in=appeals, by_resident=True).values_list("words", flat=True)
    return Known(
        names=tuple(sorted({person.name for person in people} | {a.nickname for a in appeals if len(a.nickname) > 2})),
        numbers=tuple(sorted(filter(None, numbers))),
        doors=tuple(sorted(door for door in doors if door and len(door) > 4)),
        words=tuple([appeal.words for appeal in appeals] + list(said)),
    )
