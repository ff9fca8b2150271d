"""Papers that the demo office had made: cards of an estate a week ago, posters of another this morning."""

from datetime import datetime, timedelta

from chenyue.core import site
from chenyue.demo.office import Office
from chenyue.stewards import printing, queries

HERE = "http://127.0.0.1:7070"  # where a demonstration usually runs


def made(here: Office, now: datetime) -> None:
    """Asked for as by a person; the worker sets them when the office opens."""
    by, base = here.members["zhao"].actor(), site.base() or HERE
    for kind, name, ago in (("card", "丹桂花园", 7 * 24), ("poster", "金桂苑", 3)):
        buildings = [place.pk for place in queries.buildings() if place.full_name.startswith(name)]
        printing.ask(kind=kind, building_ids=buildings, base=base, by=by, at=now - timedelta(hours=ago))
