"""The office as the clients know it: who is signed in, what there is to ask for. Read once from the database."""

from collections import deque
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from bench.asks import Ask, File, Moves, OneOf, Prepared, Scenario

PEOPLE = ("li", "lin", "wang", "sun", "zhao")
TYPED = (
    "停车",
    "污水井",
    "电梯 老人",
    "路灯",
    "物业费 收据",
    "化粪池",
    "晨光",
    "魑魅",
    "噪音 晚上",
    "cgy",
    "施工",
    "3栋",
)


class Office:
    """Sessions, places, cases and codes to ask for."""

    def __init__(self) -> None:
        from django.core import signing

        from chenyue.cases.models import Appeal, Case
        from chenyue.core import office
        from chenyue.people.models import Member, Unit
        from chenyue.places.models import Place

        # All its residents come from one address: a flood, and what is asked in one isn't what is measured.
        office.put(tell_limit_address=0, tell_limit_phone=0, flood_guard="off")
        self.members = {m.username: m for m in Member.objects.filter(username__in=PEOPLE).select_related("unit")}
        self.sessions = {name: session_of(member) for name, member in self.members.items()}
        self.buildings = list(Place.objects.filter(kind="building").values_list("pk", "full_name"))
        self.began = signing.dumps(0.5, salt="portal.began")
        self.lead = Unit.objects.get(code="drainage").pk
        self.last = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
        long_ones = list(range(2000, self.last + 1, 2000))[-200:] or [self.last]
        self.long_cases = list(Case.objects.filter(pk__in=long_ones).values_list("number", flat=True))
        spread = range(1, self.last, max(1, self.last // 500))
        self.receipts = list(Appeal.objects.filter(pk__in=spread).values_list("receipt", flat=True))
        self.waiting: dict[str, deque[Prepared]] = {name: deque() for name in ("dispatch", "accept", "answer")}

    def fill_waiting(self) -> None:
        """Cases that nobody has dispatched, newest first: those of the portal that were just filed."""
        from chenyue.cases.models import Case

        rows = Case.objects.filter(state="received", sensitivity="normal").exclude(urgency="emergency").order_by("-pk")
        self.waiting["dispatch"] = deque(Prepared(*row) for row in rows.values_list("number", "version")[:4000])

    def move(self, name: str) -> tuple[str, dict[str, Any]]:
        """Who does it, and what their form holds."""
        from chenyue.core.idempotency import digest

        if name == "dispatch":
            return "li", {"lead_id": str(self.lead)}
        if name == "accept":
            return "lin", {}
        told = "您反映的问题已处理：今天上午已派人到场疏通，并冲洗了路面。有问题请再告诉我们。"
        seen = digest([told, "resolved"])[:24]
        return "lin", {"result": "resolved", "done": "已到场疏通。", "told": told, "seen": seen}

    def lists(self) -> dict[str, Ask]:
        """Saved filters as people keep them, and pages from the first to the deepest, by what they are called."""
        queries = {
            "li": [
                "", "state=open", "state=closed", "state=closed&category=1008", "category=0102", "lead=drainage",
                f"building={self.buildings[5][0]}", "due=late&order=due", "order=due", "q=污水井", "q=停车",
                "q=电梯+老人", "unit=municipal&state=open", "from=2020-01-01&to=2020-12-31&category=06",
                "urgency=emergency", "urgency=emergency&state=open", "channel=web", "state=received",
            ],
            "lin": ["", "state=open", "order=due", "q=停车", "category=0102"],
            "sun": ["", "state=open", "state=closed", "q=停车", "from=2020-01-01&to=2020-12-31"],
            "wang": ["", "state=closed", "q=停车"],
        }  # fmt: skip
        asks = {
            f"{who}: {query or 'all'}": Ask(f"/desk/cases/?{quote(query, safe='=&+')}", member=who)
            for who, found in queries.items()
            for query in found
        }
        for depth in (0.1, 0.5, 0.95):
            cursor = cursor_at(int(self.last * (1 - depth)))
            for query in ("", "state=closed&", "category=0102&"):
                name = f"li: {query or 'all'} at {depth:.0%}"
                asks[name] = Ask(f"/desk/cases/?{query}cursor={cursor}", member="li")
        return asks

    def searches(self) -> dict[str, Ask]:
        """Words, names, numbers and telephones as people type them."""
        typed = [*TYPED, self.long_cases[-1], "19900000007", "住户77"]
        return {t: Ask(f"/desk/search/?q={quote(t)}", member="li", expect=(200, 303)) for t in typed}

    def scenarios(self) -> list[Scenario]:
        """In the order in which they can run: what is filed first is dispatched, accepted and answered later."""
        return [
            OneOf("list", list(self.lists().values())),
            OneOf("case", [Ask(f"/desk/cases/{number}/", member="li") for number in self.long_cases]),
            OneOf("search", list(self.searches().values())),
            OneOf("progress", [Ask(f"/p/{receipt}/") for receipt in self.receipts]),
            File(self),
            *self.moves(),
        ]

    def refreshed(self, scenario: Scenario) -> Scenario:
        """A kind of move on the cases that wait for it now."""
        return next((m for m in self.moves() if m.name == scenario.name), scenario)

    def moves(self) -> list[Moves]:
        """Dispatch, accept, answer, each on what the one before has done."""
        return [
            Moves(self, "dispatch", self.waiting["dispatch"], self.waiting["accept"]),
            Moves(self, "accept", self.waiting["accept"], self.waiting["answer"]),
            Moves(self, "answer", self.waiting["answer"], None),
        ]


def bare() -> list[Scenario]:
    """What the others are compared with."""
    return [OneOf("bare-insert", [Ask("/bench/insert/")]), OneOf("bare-list", [Ask("/bench/list/")])]


def session_of(member: Any) -> str:
    """A session of this member, made directly in the database; its cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from chenyue.people.backend import BACKEND

    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def cursor_at(pk: int) -> str:
    """The cursor of a page that begins below the row `pk`, as the pager writes it."""
    from chenyue.cases.queries import NEWEST
    from chenyue.core.paging import _encode

    return _encode(SimpleNamespace(pk=pk), NEWEST, backwards=False)  # type: ignore[arg-type]
