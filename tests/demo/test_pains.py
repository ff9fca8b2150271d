"""The small pains that are written for the demo office fit it: places, kinds, units, and dates that can be proved."""

from cast import Cast
from chenyue.catalogue.queries import catalogue
from chenyue.demo.office import table
from chenyue.insight import proof
from chenyue.places.models import Place


def test_what_is_written_fits_the_office(cast: Cast) -> None:
    written, known = table("pains"), catalogue()
    places = set(Place.objects.values_list("full_name", flat=True))
    told = [place for row in written["pain"] for place in row.get("places", [row.get("place")])]
    assert [place for place in told if place not in places] == []
    assert [row["code"] for row in written["pain"] if row["code"] not in known.by_code] == []
    assert all(len(set(row["words"])) == len(row["words"]) for row in written["pain"])
    names = {row["username"] for row in table("people")["member"]}
    for name in ("proved", "running"):
        row = written[name]
        assert row["owner"] in names and row["unit"] in known.unit_by_code and row["place"] in places


def test_the_project_that_is_told_as_proved_is() -> None:
    written = table("pains")
    row, days = written["proved"], [one["days"] for one in written["pain"] if one.get("place") == "运河西路"]
    first, last = row["before"]
    length = first - last + 1
    before = sum(last <= day <= first for told in days for day in told)
    after = sum(row["done"] - length <= day < row["done"] for told in days for day in told)
    assert proof.held(before, after, length, length, row["target"]).verdict == "proved"
    # Even if ordinary life adds two of each.
    assert proof.held(before + 2, after + 2, length, length, row["target"]).verdict == "proved"
