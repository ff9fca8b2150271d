"""Mediation by the API: how matters stand, and nothing of who quarrels about what."""

import pytest

from cast import Cast
from chenyue.people.models import Grant
from gateway.api_stage import program
from helpers import one_and_three
from mediation.stage import stage

pytestmark = pytest.mark.django_db


def test_how_a_matter_stands_without_a_name_or_a_word(cast: Cast) -> None:
    found = stage(cast)
    row = found.mediation
    zhao = program(cast, cast.zhao)
    (line,) = zhao.get("/mediations")[1]["items"]
    assert (line["number"], line["stage"], line["case"]) == (row.number, row.stage, row.case.number)
    assert zhao.get(f"/mediations/{row.number}")[1] == line
    assert row.title not in str(line) and all(party.name not in str(line) for party in row.parties.all())
    assert zhao.get("/mediations", stage=row.stage)[1]["items"] == [line]
    assert zhao.get("/mediations/M2000-0001")[0] == 404


def test_nobody_else_learns_that_it_exists(cast: Cast) -> None:
    found = stage(cast)
    found.invite("drainage")  # invited to a meeting is no reader of the matter
    number = found.mediation.number
    for who in (cast.lin, cast.sun, cast.zhou, cast.admin):
        theirs = program(cast, who)
        status, said = theirs.get("/mediations")
        assert status == 403 or said["items"] == [], who.username
        assert theirs.get(f"/mediations/{number}")[0] in (403, 404)
    assert program(cast, cast.zhao, ["case.see"]).get("/mediations")[0] == 403, "the token doesn't carry it"


def test_what_is_kept_closely_is_kept_here_too(cast: Cast) -> None:
    found = stage(cast)
    case = found.mediation.case
    case.sensitivity = "sealed"
    case.save(update_fields=["sensitivity"])
    Grant.objects.filter(member=cast.zhao).update(sensitivity="normal")
    assert program(cast, cast.zhao).get("/mediations")[1]["items"] == []


def test_the_list_costs_the_same_with_three_rows(cast: Cast) -> None:
    zhao, numbers, row = program(cast, cast.zhao), iter(range(9002, 9009)), stage(cast).mediation

    def add() -> None:
        row.pk, row.number = None, f"M2026-{next(numbers)}"
        row._state.adding = True
        row.save()

    one_and_three(lambda: zhao.get("/mediations"), add, 4)
