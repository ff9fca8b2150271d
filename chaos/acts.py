"""What the clients do: tell, take down and move, grant credits with two persons, book. Each finds its way by pages."""

import re
import threading
from base64 import b64decode
from typing import Any

from chaos.client import Client, Form, Reply, Stopped, words
from chaos.diary import FAULT

WHAT = (
    "楼道的声控灯连着三层不亮", "垃圾桶两天没人清", "健身器材的扶手断了一根", "自来水发黄", "单元门锁坏了",
    "快递柜占了通道", "楼上半夜装空调打钻", "小广告贴满了电梯间", "外墙砖掉了几块", "公厕的水龙头一直在淌",
)  # fmt: skip
RECEIPT = re.compile(r"/received/([^/]+)/")
KEPT = re.compile(r'class="code"[^>]*>\s*([^<\s]+)')
NUMBER = re.compile(r'href="/desk/cases/(\d{4}-\d{4}-\d+)/"')
CODE = re.compile(r'<p class="code">([^<]+)</p>')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
APPROVE = re.compile(r"/desk/volunteering/credits/proposals/(\d+)/approve/")


class Office:
    """What the plan knows, shared by the clients of a process: residents that nobody else uses."""

    def __init__(self, plan: dict[str, Any], seed: int) -> None:
        self.plan = plan
        self.sessions = {name: f"chenyue_session={key}" for name, key in plan["sessions"].items()}
        self.photo = b64decode(plan["photo"])
        own = plan["residents"][seed :: plan["processes"]]
        self.bookers, self.granted = list(own), [row["pk"] for row in own]
        self.lock = threading.Lock()

    def booker(self) -> dict[str, Any] | None:
        """A resident who has not booked yet."""
        with self.lock:
            return self.bookers.pop() if self.bookers else None

    def owner(self) -> int:
        """A resident who gets credits, one at a time."""
        with self.lock:
            return int(self.granted.pop(0))

    def give_back(self, owner: int) -> None:
        with self.lock:
            self.granted.append(owner)


def live(client: Client, office: Office) -> None:
    """One thing after another until time is over."""
    acts = (tell, take_down, grant, book)
    weights = [office.plan["weights"].get(act.__name__, 1) for act in acts]
    while not client.stopping.is_set():
        try:
            client.dice.choices(acts, weights)[0](client, office)
        except Stopped:
            return
        except Exception as error:  # a page without what it must have: noted, and counted as a fault
            client.diary.note(FAULT, what=f"client: {type(error).__name__}", said=str(error)[:300])
            client.stopping.wait(0.2)


def tell(client: Client, office: Office) -> None:
    """A resident tells, with a photo or without, and adds a word later."""
    mark, dice = client.mark(), client.dice
    place, full_name = dice.choice(office.plan["buildings"])
    phone = f"198{dice.randrange(10**8):08d}"
    fields = client.posted(
        words=f"{full_name}{dice.choice(WHAT)}，请派人看看。（{mark}）", place=str(place), place_told=full_name,
        name=f"来人{phone[-4:]}", phone=phone, consent_contact="on", began=office.plan["began"], seen="",
    )  # fmt: skip

    def asks(reply: Reply, fields: dict[str, Any]) -> dict[str, Any] | None:
        return None if fields["seen"] else {**fields, "seen": "1"}

    photo = office.photo if dice.random() < office.plan["photos"] else b""
    kind = "photo" if photo else "tell"
    receipt = client.do(Form(kind, mark, "/tell/", fields, photo=photo, asks=asks, reads=receipt_of))
    if receipt and dice.random() < 0.3:
        more = client.mark()
        form = client.posted(words=f"再补充一句。（{more}）")
        client.do(Form("words", more, f"/p/{receipt}/words/", form, reads=lambda reply: ""))


def receipt_of(reply: Reply) -> str | None:
    """The code that the resident takes home."""
    if reply.status == 202:
        found = KEPT.search(reply.text)
        return found[1] if found else ""
    found = RECEIPT.search(reply.where)
    return found[1] if found else None


def take_down(client: Client, office: Office) -> None:
    """The centre takes an appeal down and gives it out, the unit accepts and answers, the resident rates."""
    mark, dice = client.mark(), client.dice
    _place, full_name = dice.choice(office.plan["buildings"])
    li, lin = office.sessions["li"], office.sessions["lin"]
    phone = f"197{dice.randrange(10**8):08d}"
    fields = client.posted(
        words=f"{full_name}{dice.choice(WHAT)}，请派人看看。（{mark}）", place=full_name, channel="phone",
        phone=phone, name=f"来电{phone[-4:]}", consent_contact="on",
    )  # fmt: skip
    appeal = client.do(Form("taken", mark, "/desk/new/", fields, li, reads=slip_of))
    if not appeal:
        return
    slip = client.look(f"/desk/slips/{appeal}/", li).text
    number, receipt = found(NUMBER, slip), found(CODE, slip)
    page = client.look(f"/desk/cases/{number}/dispatch/", li).text
    version = int(found(VERSION, page))
    answer = {"result": "resolved", "done": "已到场处理。", "told": office.plan["told"], "seen": office.plan["seen"]}
    steps = (("dispatch", li, {"lead_id": str(office.plan["lead"])}), ("accept", lin, {}), ("answer", lin, answer))
    for step, (move, cookie, details) in enumerate(steps):
        form = client.posted(version=str(version + step), **details)
        path = f"/desk/cases/{number}/{move}/"
        if client.do(Form(move, number, path, form, cookie, reads=lambda reply: "")) is None:
            return
    rated = client.posted(solved="yes", grade="satisfied")
    client.do(Form("rate", receipt, f"/p/{receipt}/rating/", rated, reads=lambda reply: ""))


def slip_of(reply: Reply) -> str | None:
    """The appeal's number."""
    at = re.search(r"/desk/slips/([^/]+)/", reply.where)
    return at[1] if at else None


def found(pattern: re.Pattern[str], text: str) -> str:
    """What a page must have; LookupError if it hasn't."""
    at = pattern.search(text)
    if at is None:
        raise LookupError(f"{pattern.pattern} in: {words(text)}")
    return at[1].strip()


def grant(client: Client, office: Office) -> None:
    """One asks for credits for somebody, another one approves."""
    owner = office.owner()
    mark, base = client.mark(), f"/desk/volunteering/credits/{owner}/"
    fields = client.posted(kind="grant", amount="1", reason=f"帮忙照看楼道（{mark}）")
    if client.do(Form("asked", mark, f"{base}change/", fields, office.sessions["zhao"], reads=lambda r: "")) is None:
        return
    keeper = office.sessions["keeper"]
    pk = found(APPROVE, client.look(base, keeper).text)
    path = f"/desk/volunteering/credits/proposals/{pk}/approve/"
    client.do(Form("grant", mark, path, client.posted(), keeper, reads=lambda reply: ""))
    office.give_back(owner)


def book(client: Client, office: Office) -> None:
    """A resident books a service with their credits."""
    person = office.booker()
    if person is None:
        return tell(client, office)
    slot = client.dice.choice(office.plan["slots"])
    path, mark = f"/volunteering/me/services/{slot}/book/", f"{slot}:{person['pk']}"
    client.do(Form("book", mark, path, client.posted(), person["cookie"], reads=voucher_of))


def voucher_of(reply: Reply) -> str | None:
    """The booking's number."""
    at = re.search(r"/bookings/([^/]+)/", reply.where)
    return at[1] if at else None
