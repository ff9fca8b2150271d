"""What people's confirmations teach triage: the words that cases began with, and the category chosen."""

from collections.abc import Iterator

from django.db.models import F

from chenyue.cases.models import Appeal
from chenyue.people.models import Sensitivity
from chenyue.triage.learning import Example

LONGEST = 3000  # characters of a letter that are read
SHORTEST = 4


def confirmed(limit: int) -> Iterator[Example]:
    """The newest confirmed cases, oldest first; sealed ones teach nothing. Two columns, one statement."""
    opened = Appeal.objects.filter(
        case_id=F("first_case_id"), case__triaged_at__isnull=False, case__category__isnull=False
    ).exclude(case__sensitivity=Sensitivity.SEALED)
    rows = list(opened.order_by("-pk").values_list("pk", "case_id", "words", "case__category__code")[:limit])
    first = {case: pk for pk, case, _words, _code in rows}  # the smallest pk comes last
    for pk, case, words, code in reversed(rows):
        if first[case] == pk and len(words) >= SHORTEST:
            yield Example(words[:LONGEST], code)
