"""What the demo office's stewards do at doors: care list, weeks of visits, a cold spell, words left. All invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.demo.office import Office
from chenyue.people.models import Member
from chenyue.places.models import Place
from chenyue.stewards import care, inbox, relaying, visiting, weather
from chenyue.stewards.models import CareEntry, DoorVisit
from chenyue.workdays.calendar import CHINA

WEEKS = 5  # of visits


@dataclass(frozen=True)
class Cared:
    """A home on the list: room, person, reasons, days between visits, what to know."""

    room: str
    name: str
    reasons: tuple[str, ...]
    every: int
    note: str = ""
    phone: bool = True


WANG = (
    Cared("401", "罗桂芳", ("alone",), 7, "耳背，要多敲几下；女儿周日来。"),
    Cared("302", "丁福生", ("ill", "poor"), 7, "降压药每月 20 日前要去配。"),
    Cared("102", "马玉兰", ("disabled",), 14, "坐轮椅，门口别停电动车。"),
    Cared("603", "施小妹", ("child",), 14, "跟奶奶住，爸妈过年回来。", phone=False),
    Cared("201", "钟永福", ("alone", "ill"), 10, "老伴刚走，多坐一会儿。"),
    Cared("504", "洪彩霞", ("pregnant",), 21, phone=False),
)
YUAN = (
    Cared("301", "邱阿六", ("alone",), 10, "爱下棋，下午都在家。"),
    Cared("502", "顾秀珍", ("alone", "disabled"), 7, "看不清字，通知要念给她听。"),
    Cared("104", "包志强", ("poor",), 30, phone=False),
    Cared("203", "柳金宝", ("bereaved",), 14, "少提孩子的事。"),
)
SAID = {
    "well": ("精神不错，家里收拾得干净。", "", "", "窗户关好了，煤气也看过。"),
    "talked": ("问医保报销要带什么，已经告诉她。", "说楼下晚上吵，睡不好。", "想把阳台的旧木料清掉，问怎么叫车。"),
    "help": ("药快吃完了，要人帮着去配。", "卫生间的灯坏了，自己够不着。"),
    "nobody": ("", "留了条。"),
}
OUTCOMES = ("well",) * 9 + ("talked",) * 4 + ("nobody",) * 3 + ("help",)
ANSWERS = ("谢谢，来得很勤。", "", "", "陪我说了好久的话。")
KEY = "不客气，备用钥匙还放在物业前台，报我名字就行。"
NOTED = "收到，我贴在一楼了，谢谢体谅。"
LEFT = (  # building, room, name, words, hours ago, answer
    ("金桂苑1幢", "503", "何师傅", "四楼到五楼的感应灯不亮了，晚上摸黑，麻烦报一下。", 5, ""),
    ("金桂苑1幢", "202", "", "最近总有人在楼道抽烟，烟头丢得到处都是，能不能贴个提醒？", 29, ""),
    (
        "金桂苑1幢",
        "601",
        "谭阿姨",
        "谢谢您上次帮我妈开门，她钥匙找到了。",
        75,
        "不客气，备用钥匙还放在物业前台，报我名字就行。",
    ),
    (
        "丹桂花园1幢",
        "401",
        "方先生",
        "我家下周装修，先跟楼里打个招呼，周末不动工。",
        50,
        "收到，我贴在一楼了，谢谢体谅。",
    ),
    ("丹桂花园1幢", "", "", "专业通下水道，电话面谈。", 20, "aside"),
)


def lived(here: Office, now: datetime) -> None:
    """Weeks of visits up to now, and what waits today."""
    random = Random(23)
    for name, home, homes in (("wang", "金桂苑1幢", WANG), ("yuan", "丹桂花园1幢", YUAN)):
        member = here.members[name]
        entries = _listed(member, here.place(home), homes, now)
        _rounds(member, entries, now, random)
    _evening(here.members["yuan"], here.place("丹桂花园1幢"), now)
    _cold(here, now)
    for row in LEFT:
        _left(here, now, *row)


def _listed(member: Member, place: Place, homes: Sequence[Cared], now: datetime) -> list[CareEntry]:
    at, by, found = now - timedelta(weeks=WEEKS + 1), member.actor(), []
    for number, home in enumerate(homes, start=1):
        facts = care.Facts(
            home.room, home.name, f"1990001{place.pk % 100:02d}{number:02d}" if home.phone else None, home.reasons,
            note=home.note, every_days=home.every, birthday=timezone.localtime(now).strftime("%m-%d")
            if number == 3 else "", next_on=timezone.localtime(at).date() + timedelta(days=number),
        )  # fmt: skip
        found.append(care.save(entry=None, building_id=place.pk, facts=facts, by=by, at=at))
    return found


def _rounds(member: Member, entries: Sequence[CareEntry], now: datetime, random: Random) -> None:
    """One afternoon after the other the doors that are due; today is still to come."""
    first = (now - timedelta(weeks=WEEKS)).astimezone(CHINA).replace(hour=15, minute=0, second=0, microsecond=0)
    for day in range(WEEKS * 7 - 1):
        at = first + timedelta(days=day)
        for entry in entries:
            entry.refresh_from_db(fields=["next_on"])
            if entry.next_on is None or entry.next_on > at.date() or random.random() < 0.12:
                continue
            at += timedelta(minutes=random.uniform(4, 18))
            _knock(member, entry.building_id, entry.room, at, random)


def _knock(member: Member, building_id: int, room: str, at: datetime, random: Random) -> DoorVisit:
    outcome = random.choice(OUTCOMES)
    told = visiting.Told(room, outcome, random.choice(SAID[outcome]))
    visit = visiting.visit(building_id=building_id, told=told, by=member.actor(), at=at)
    if outcome != "nobody" and random.random() < 0.55:
        said, later = random.choice(ANSWERS), at + timedelta(minutes=random.uniform(1, 200))
        visiting.confirm(visit=visit, yes=True, words=said, by=Actor("resident"), at=later)
    return visit


def _evening(member: Member, place: Place, now: datetime) -> None:
    """A day that was written down in one go in the evening, and a home that says nobody came."""
    at = (now - timedelta(days=3)).astimezone(CHINA).replace(hour=20, minute=10, second=0, microsecond=0)
    for number, room in enumerate(("101", "102", "103", "204")):
        told, moment = visiting.Told(room, "well"), at + timedelta(seconds=20 * number)
        visit = visiting.visit(building_id=place.pk, told=told, by=member.actor(), at=moment)
    said = "那天我一直在家，没有人敲门。"
    visiting.confirm(visit=visit, yes=False, words=said, by=Actor("resident"), at=at + timedelta(hours=14))


def _cold(here: Office, now: datetime) -> None:
    """The office has called for a cold spell; one home was seen already."""
    day, by, at = timezone.localtime(now).date(), here.members["li"].actor(), now - timedelta(hours=3)
    words = "夜里零下，看看水管、取暖和煤气。"
    weather.call(weather="cold", since=day, until=day + timedelta(days=2), words=words, by=by, at=at, day=day)
    wang = here.members["wang"]
    told = visiting.Told("401", "well", "电热毯好用，窗缝塞好了。")
    place = here.place("金桂苑1幢")
    visiting.visit(building_id=place.pk, told=told, by=wang.actor(), at=now - timedelta(minutes=50))


def _left(here: Office, now: datetime, home: str, room: str, name: str, words: str, hours: int, answer: str) -> None:
    place, at = here.place(home), now - timedelta(hours=hours)
    word = relaying.leave(building_id=place.pk, words=words, room=room, name=name, at=at)
    by = here.members["wang" if home.startswith("金桂苑") else "yuan"].actor()
    if answer == "aside":
        inbox.set_aside(word=word, aside=True, by=by, at=at + timedelta(hours=1))
    elif answer:
        inbox.answer(word=word, words=answer, by=by, at=at + timedelta(hours=2))
