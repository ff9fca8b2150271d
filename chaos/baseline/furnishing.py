"""`python -m chaos.baseline.furnishing KIND PLAN`: fills the data folder, and writes down who may go where.

`doors`: the office of the tests with everything on which the table of doors stands. `demo`: an office that has lived
for some weeks. The plan holds a session for each person, addresses to begin with, and what must never be shown.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from chaos.office import setup

ROOT = Path(__file__).resolve().parents[2]
CODES = {"token", "receipt", "code", "key"}  # what in an address is a secret that its holder knows
DAYS = 30
SEVERAL = ("anonymous", "wang", "li", "zhao", "admin")  # of the cast; the others open what one of these opens


def main() -> None:
    """Furnish, then write the plan."""
    kind, out = sys.argv[1:3]
    setup()
    from django.core.management import call_command

    from chenyue.core.management.commands.serve import prepare

    call_command("migrate", verbosity=0)
    if kind == "demo":
        call_command("demo", days=DAYS, no_backup=True)
        prepare()
        plan = of_demo()
    else:
        prepare()
        plan = of_doors()
    call_command("recount", verbosity=0)
    Path(out).write_text(json.dumps(plan | {"raw": contact_data()}), encoding="utf-8")


def contact_data() -> list[str]:
    """Telephone numbers and addresses of residents, as they were told; members' own numbers aren't among them."""
    from chenyue.people.models import Resident

    rows = Resident.objects.filter(erased_at=None)
    return sorted({value for row in rows for value in (row.phone, row.email) if value})


def session(member: Any) -> dict[str, str]:
    """The cookie of a member who has signed in."""
    from bench.office import session_of
    from django.conf import settings

    return {settings.SESSION_COOKIE_NAME: session_of(member)}


def of_demo() -> dict[str, Any]:
    """One member of each set of roles."""
    from chenyue.people.models import Member

    people: dict[str, Any] = {"anonymous": {"cookies": {}, "begin": ["/", "/demo/"]}}
    seen = set()
    for member in Member.objects.filter(is_active=True).prefetch_related("grants__role").order_by("pk"):
        roles = frozenset(grant.role.code for grant in member.grants.all())
        if roles not in seen:
            seen.add(roles)
            people[member.username] = {"cookies": session(member), "begin": ["/desk/", "/account/", "/"]}
    return {"people": people, "doors": [], "holders": [], "left_out": []}


def of_doors() -> dict[str, Any]:
    """Every row of the table of doors that is opened by looking, for everybody whom the table lets in."""
    from django.urls import reverse

    import cast
    from fuzz.guests import guest
    from helpers import sample_case
    from house.doors import DOORS
    from house.test_doors import World
    from house.test_twice import made, status

    cast.seed()
    players = cast.Cast()
    world = World(players, sample_case(players))
    people: dict[str, Any] = {
        who: {"cookies": {} if who == "anonymous" else session(getattr(players, who)), "begin": []} for who in SEVERAL
    }
    doors, holders, left_out = {}, [], []
    for name, found in DOORS.items():
        for door in found if isinstance(found, list) else [found]:
            with contextlib.ExitStack() as stack:
                try:
                    kwargs, _data = made(door, world)
                    path = reverse(name, kwargs=kwargs)
                    visitor = guest(name, world)
                except Exception as error:  # a row before it made in this world what this one wants to make
                    left_out.append(f"{name}: {type(error).__name__}")
                    continue
                stack.close()
            doors.setdefault(name, path)
            if CODES & set(kwargs) and 200 in status(door.expect["anonymous"]):
                holders.append(path)
            if door.method != "get":
                continue
            for who in SEVERAL:
                if status(door.expect[who]) & {200, 303} and not status(door.expect[who]) & {302}:
                    people[who]["begin"].append(path)
            if visitor and visitor.kwargs is not None:
                of = people.setdefault(visitor.who, {"cookies": {}, "begin": []})
                of["cookies"] = {key: morsel.value for key, morsel in visitor.client.cookies.items()}
                of["begin"].append(reverse(name, kwargs=visitor.kwargs))
    return {"people": people, "doors": list(doors.values()), "holders": holders, "left_out": left_out}


if __name__ == "__main__":
    main()
