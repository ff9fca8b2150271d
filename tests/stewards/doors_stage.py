"""What tests of visits, care and words stand on: wang's building, the one next door, and small makers."""

from datetime import timedelta
from typing import Any

from cast import NOW, Cast
from chenyue.stewards import care, visiting, weather
from chenyue.stewards.models import RelayedWord

NAME, PHONE = "罗桂芳", "13655550123"


def own(cast: Cast) -> Any:
    """The building wang looks after."""
    return cast.place("金桂苑1幢")


def next_door(cast: Cast) -> Any:
    """One that is somebody else's."""
    return cast.place("金桂苑2幢")


def neighbour(cast: Cast) -> Any:
    """The steward of the building next door."""
    from chenyue.people.models import Grant, Role

    Grant.objects.filter(member=cast.zhou).delete()
    Grant.objects.create(member=cast.zhou, role=Role.objects.get(code="steward"), place=next_door(cast))
    return cast.zhou


def cared(cast: Cast, room: str = "401", **more: Any) -> Any:
    """A home on the care list."""
    given = {"name": NAME, "phone": PHONE, "reasons": ["alone"], "next_on": NOW.date()} | more
    by = given.pop("by", cast.wang.actor())
    building = given.pop("building", own(cast)).pk
    return care.save(entry=None, building_id=building, facts=care.Facts(room=room, **given), by=by, at=NOW)


def visited(cast: Cast, room: str = "401", outcome: str = "well", minutes: float = 0, **more: Any) -> Any:
    """A visit by wang, so many minutes after the stories' beginning."""
    at = NOW + timedelta(minutes=minutes)
    told = visiting.Told(room, outcome, **more)
    return visiting.visit(building_id=own(cast).pk, told=told, by=cast.wang.actor(), at=at)


def called(cast: Cast, kind: str = "heat", days: int = 0) -> Any:
    """A call of the weather from today on."""
    day = NOW.date()
    until = day + timedelta(days=days)
    return weather.call(weather=kind, since=day, until=until, words="", by=cast.li.actor(), at=NOW, day=day)


def left(cast: Cast, words: str = "楼道灯坏了，能帮忙报一下吗？", **more: Any) -> Any:
    """Words left at wang's door."""
    from chenyue.core import ids

    given = {"building": own(cast), "room": "402", "name": "何师傅", "phone": PHONE, "at": NOW} | more
    return RelayedWord.objects.create(receipt=ids.receipt_code(), words=words, **given)
