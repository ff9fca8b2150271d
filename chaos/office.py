"""The office that the clients know: made once, then told to them as a plan. `python -m chaos.office PEOPLE PLAN`."""

import json
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOLD = "您反映的问题已处理：今天上午已派人到场。有问题请再告诉我们。"
PEOPLE, SLOTS = 1500, 40


def setup() -> None:
    """Django, for what reads or writes the database directly."""
    import django

    sys.path[:0] = [path for path in (str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)) if path not in sys.path]
    django.setup()


def make(people: int) -> dict[str, Any]:
    """Tables, members, places, catalogue, residents with credits, slots; what clients must know of it."""
    from bench.bookings import prepare
    from django.core.management import call_command
    from django.utils import timezone

    import cast
    from chenyue.core import office
    from chenyue.core.management.commands.serve import prepare as collect
    from chenyue.people.models import Grant, Member, Role

    call_command("migrate", verbosity=0)
    collect()  # once: every start would do it again in its copy
    cast.seed()
    keeper = Member.objects.create_member("keeper", cast.PASSWORD, name="何志", must_change_password=False)
    Grant.objects.create(member=keeper, role=Role.objects.get(code="volunteer_keeper"))
    # All its residents come from one address, which would be a flood.
    office.put(tell_limit_address=0, tell_limit_phone=0, tell_min_seconds=0, flood_guard="off")
    slots, residents = prepare(SLOTS, people, people)
    call_command("recount", verbosity=0)
    return known(slots, residents, timezone.now())


def known(slots: list[int], residents: list[int], at: Any) -> dict[str, Any]:
    """The plan, as the clients read it."""
    from bench.office import session_of
    from django.core import signing

    from chenyue.core.idempotency import digest
    from chenyue.people.models import Member, Unit
    from chenyue.places.models import Place

    members = Member.objects.filter(username__in=["li", "lin", "zhao", "keeper"])
    return {
        "sessions": {member.username: session_of(member) for member in members},
        "buildings": list(Place.objects.filter(kind="building").order_by("pk").values_list("pk", "full_name")),
        "lead": Unit.objects.get(code="drainage").pk, "told": TOLD, "seen": digest([TOLD, "resolved"])[:24],
        "began": signing.dumps(0.5, salt="portal.began"), "photo": b64encode(picture()).decode(),
        "slots": slots, "residents": [{"pk": pk, "cookie": cookie} for pk, cookie in signed_in(residents, at).items()],
        "photos": 0.25, "weights": {"tell": 5, "take_down": 3, "grant": 1, "book": 1},
    }  # fmt: skip


def signed_in(residents: list[int], at: Any) -> dict[int, str]:
    """The cookie of each resident, as if the code had been typed."""
    import secrets

    from chenyue.people import resident_session
    from chenyue.people.models import Resident, ResidentSession

    found, rows = {}, []
    for person in Resident.objects.filter(pk__in=residents).order_by("pk"):
        token = secrets.token_urlsafe(24)
        found[person.pk] = f"{resident_session.COOKIE}={token}"
        rows.append(ResidentSession(
            key=resident_session._print(token), resident=person, phone_index=person.phone_index, made_at=at,
            expires_at=at + timedelta(days=14),
        ))  # fmt: skip
    ResidentSession.objects.bulk_create(rows)
    return found


def picture() -> bytes:
    """A small photograph."""
    import io
    import random

    from PIL import Image

    dice, out = random.Random(5), io.BytesIO()
    Image.frombytes("RGB", (120, 90), dice.randbytes(120 * 90 * 3)).save(out, "JPEG", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    setup()
    Path(sys.argv[2]).write_text(json.dumps(make(int(sys.argv[1]))), "utf-8")
