"""What the clients ask for: each scenario makes requests, ready to be sent over HTTP or to a test client."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

# Not the generator's sentences: whoever tells something seldom uses a neighbour's words.
WHAT = (
    "楼道的声控灯连着三层不亮", "垃圾桶两天没人清，馊水流到路中间", "健身器材的扶手断了一根，孩子在上面玩",
    "自来水发黄，放十分钟还是浑的", "单元门锁坏了，谁都能进来", "路口新栽的树枝挡住了红绿灯", "快递柜占了消防通道",
    "楼上半夜装空调打钻", "小广告贴满了电梯间", "地下车库入口积水能没过脚面", "外墙砖掉了几块，砸在花坛里",
    "流浪狗成群，早上不敢下楼", "公厕的水龙头一直在淌", "夜市油烟直往窗户里灌",
)  # fmt: skip
SINCE = (
    "从上周三开始的",
    "已经反映过一回",
    "隔壁几户也这么说",
    "老人小孩出入都难",
    "前天夜里最厉害",
    "物业说不归他们管",
)
WISH = ("请派人看看。", "希望这几天给个准话。", "能不能先围起来？", "麻烦尽快安排。", "拍了照片，需要可以补。")
CSRF = "b" * 32  # a browser's own secret; the form's field repeats it


@dataclass
class Ask:
    """One request. `expect`: the statuses that mean it was done."""

    path: str
    form: dict[str, Any] | None = None
    member: str = ""
    expect: tuple[int, ...] = (200,)
    then: Callable[[int, bytes], "Ask | None"] = field(default=lambda status, body: None, repr=False)


def posted(**fields: Any) -> dict[str, Any]:
    """The fields of a form with a key of its own."""
    return {"csrfmiddlewaretoken": CSRF, "idempotency_key": uuid4().hex, **fields}


class Scenario:
    """A name and a row of asks, endless or not; several threads ask at once."""

    name = ""

    def ask(self, dice: random.Random) -> Ask | None:
        """The next request, None when there's nothing left to ask."""
        raise NotImplementedError


class OneOf(Scenario):
    """Any of some asks."""

    def __init__(self, name: str, asks: list[Ask]) -> None:
        self.name, self.asks = name, asks

    def ask(self, dice: random.Random) -> Ask | None:
        return dice.choice(self.asks)


class File(Scenario):
    """A resident tells; if the page asks something first (danger, neighbours' cases), sends it again as seen."""

    name = "file"

    def __init__(self, office: "Any") -> None:
        self.office = office

    def ask(self, dice: random.Random) -> Ask:
        place, full_name = dice.choice(self.office.buildings)
        words = f"{full_name}{dice.choice(WHAT)}，{dice.choice(SINCE)}，{dice.choice(WISH)}"
        phone = f"198{dice.randrange(10**8):08d}"
        fields = posted(
            words=words, place=str(place), place_told=full_name, name=f"来人{phone[-4:]}", phone=phone,
            consent_contact="on", began=self.office.began, seen="",
        )  # fmt: skip

        def again(status: int, body: bytes) -> Ask | None:
            return None if status == 303 else Ask("/tell/", {**fields, "seen": "1"}, expect=(303,))

        return Ask("/tell/", fields, expect=(303, 200), then=again)


@dataclass
class Prepared:
    """A case that waits for its next move."""

    number: str
    version: int


class Moves(Scenario):
    """One kind of move on cases that wait for it; what is done waits for the next kind."""

    def __init__(self, office: "Any", name: str, waiting: "deque[Prepared]", after: "deque[Prepared] | None") -> None:
        self.office, self.name, self.waiting, self.after = office, name, waiting, after

    def ask(self, dice: random.Random) -> Ask | None:
        try:
            case = self.waiting.popleft()
        except IndexError:
            return None
        member, details = self.office.move(self.name)
        form = posted(version=str(case.version), **details)
        path = f"/desk/cases/{case.number}/{self.name}/"

        def moved(status: int, body: bytes) -> None:
            if status == 303 and self.after is not None:
                self.after.append(Prepared(case.number, case.version + 1))

        return Ask(path, form, member, (303,), moved)


def many(scenario: Scenario, count: int) -> Iterator[Ask]:
    """So many asks of a scenario, as far as there are."""
    dice = random.Random(3)
    for _one in range(count):
        ask = scenario.ask(dice)
        if ask is None:
            return
        yield ask
