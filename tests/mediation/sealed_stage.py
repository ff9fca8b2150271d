"""What goes on behind closed doors in tests: random notes and figures, and all that anybody else can look at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from hypothesis import strategies as st

from cast import client_of
from chenyue.mediation import caucus, evidence, meetings, minutes
from chenyue.mediation.meetings import Came, Held, Plan
from chenyue.mediation.models import Evidence, Meeting, Party
from chenyue.mediation.urls import urlpatterns
from mediation.stage import MediationStage, moment

VIEWERS = ("wang", "li", "lin", "zhao", "sun", "admin", "audit", "zhou", "")
SEALED_PAGES = ("caucus", "ladder")
# What differs by chance: the form's token and key, the request's own number.
CHANCE = re.compile(
    r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|hx-headers=\'[^\']*\'|"X-CSRFToken": *"[^"]*"'
    r"|[0-9a-f]{32}(?=</)|name=\"version\" value=\"\d+\""
)
NOW = moment(20)
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(lambda s: s.strip())


@dataclass(frozen=True)
class Act:
    """One thing behind a door."""

    what: str
    party: int
    words: str
    amount: int
    flag: bool
    days: float


ACTS = st.lists(
    st.builds(
        Act, st.sampled_from(["note", "note", "figure", "limit", "withdraw", "destroy", "look"]), st.integers(0, 1),
        WORDS, st.integers(0, 10**9), st.booleans(), st.floats(0, 19),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def go_on(found: MediationStage) -> None:
    """A joint life: a meeting with final minutes, one that is planned, evidence of one side and of both."""
    whom = [f"party:{found.applicant.pk}", f"party:{found.respondent.pk}", f"appointment:{found.appointment.pk}"]
    given: dict[str, Any] = {"mediation": found.mediation, "by": found.wang}
    first = meetings.plan_meeting(plan=Plan("joint", moment(2), "一楼调解室", whom=whom), at=moment(1), **given)
    came = {row.pk: Came(True) for row in first.attendances.all()}
    went = Held(moment(2, 2), came, "王建国", "双方各述己见。", False)
    meetings.hold_meeting(meeting=first, held=went, by=found.wang, at=moment(2, 2))
    text = minutes.write(meeting=first, words="对份额有争议。", by=found.wang, at=moment(2, 3))
    minutes.ask(meeting=first, by=found.wang, at=moment(2, 3))
    for party in (found.applicant, found.respondent):
        minutes.answer(text=text, party=party, agrees=True, by=found.wang, at=moment(2, 4))
    minutes.finish(meeting=first, by=found.wang, at=moment(2, 5))
    meetings.plan_meeting(plan=Plan("joint", moment(30), "一楼调解室", whom=whom), at=moment(3), **given)
    evidence.add(kind="archive", title="1983年地块册", shared=True, pages=3, at=moment(4), **given)
    evidence.add(kind="document", title="分家单", party=found.applicant, pages=1, at=moment(4), **given)


def behind_closed_doors(found: MediationStage, acts: list[Act]) -> None:
    """Do all this; what can't be done (nothing to withdraw) isn't."""
    parties = [found.applicant, found.respondent]
    for act in acts:
        party, by, at = parties[act.party], found.wang, moment() + timedelta(days=act.days)
        if act.what == "note":
            caucus.note(party=party, words=act.words, by=by, at=at)
        elif act.what in ("figure", "limit"):
            caucus.name_figure(
                party=party, topic="补偿款", asks=act.party == 0, amount=Decimal(act.amount), limit=act.what == "limit",
                words=act.words, by=by, at=at,
            )  # fmt: skip
        elif act.what == "destroy":
            for note in caucus.read(party, by=by, at=at)[:1]:
                caucus.take_back(party=party, note=note.pk, by=by, at=at)
        elif act.what == "withdraw":
            _withdraw(found, party, at)
        else:
            caucus.read(party, by=by, at=at)


def _withdraw(found: MediationStage, party: Party, at: Any) -> None:
    for rung in caucus.rungs(found.mediation, by=found.wang):
        for figure in rung.figures:
            if figure.party_id == party.pk and figure.withdrawn_at is None:
                caucus.withdraw_figure(party=party, figure=figure.pk, by=found.wang, at=at)
                return


SLOW = ("/sample/", ".pdf", "/word/", "/pdf/", "/whole/", "/paper/", "/own/")  # press in a process of their own


def joint_urls(found: MediationStage) -> list[str]:
    """Every page of mediation that can be opened by what this mediation has, but those of the caucus."""
    return sorted(url for url in set(_urls(found)) if not any(part in url for part in SLOW))


def _urls(found: MediationStage) -> Iterator[str]:
    party = found.applicant
    meeting = Meeting.objects.filter(mediation=found.mediation).order_by("number").first()
    piece = Evidence.objects.filter(mediation=found.mediation).order_by("number").first()
    known: dict[str, Any] = {
        "number": found.number, "n": 1, "order": 1, "code": party.code, "kind": "land", "case": found.mediation.case_id,
        "pk": party.pk,
    }  # fmt: skip
    assert meeting is not None and piece is not None
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        name = str(pattern.name)
        if name.startswith(SEALED_PAGES):
            continue
        wanted = pattern.pattern.converters
        try:
            yield reverse(f"mediation:{name}", kwargs={key: known[key] for key in wanted})
        except (KeyError, NoReverseMatch):
            continue


def browser(found: MediationStage, viewer: str) -> Client:
    """Somebody's browser; nobody's for the empty name."""
    return client_of(getattr(found.cast, viewer) if viewer else None)


def read(client: Client, url: str) -> tuple[int, str]:
    """Status and body of a page, without what differs by chance."""
    answer = client.get(url)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, CHANCE.sub("", body.decode("utf-8", "replace"))
