"""The stranger sees nothing anywhere: neither a member without rights, nor somebody from the street, nor who may see
normal matters only, finds a name, a number or a word of what is private."""

import pytest
from django.urls import reverse

from cast import Cast, client_of
from house import screens

pytestmark = pytest.mark.django_db


def traces(world: screens.Lived, *, of_all: bool) -> list[str]:
    """What must not be read: of the private case, or of any case."""
    found = [screens.REPORTER, screens.PHONE, screens.PRIVATE_WORDS[:8], world.private.case.number]
    found += [world.private.appeal.number, world.private.appeal.receipt]
    if of_all:
        found += [case.number for case in world.cases] + [case.title[:10] for case in world.cases]
        found += [world.cast.chen.phone, world.cast.chen.name]
    return found


def addresses(world: screens.Lived, receipts: bool) -> list[tuple[str, dict[str, str]]]:
    """Every page, for every object; pages that a receipt opens only where the reader holds it."""
    held = {"portal:receipt", "portal:progress", "portal:add-words", "portal:rate-here", "portal:file", "portal:rate"}
    held |= {"mediation:own", "mediation:own-paper", "mediation:party-calculation"}  # by the code of one's letter
    named = [(url, data) for name, url, data in screens.doors(world) if receipts or name not in held]
    searched = [world.private.case.number, world.private.appeal.receipt, screens.PHONE, screens.REPORTER, "烟酒"]
    lists = [(reverse(f"desk:{name}"), {"q": word}) for word in searched for name in ("search", "cases")]
    return named + [(url, {}) for url in screens.more(world)] + lists


@pytest.mark.parametrize("who", ["anonymous", "zhou", "sun", "wang", "admin"])
def test_nothing_of_what_is_private_is_read(cast: Cast, who: str) -> None:
    world = screens.live_in(cast)
    forbidden = traces(world, of_all=who in ("anonymous", "zhou"))
    client = client_of(None if who == "anonymous" else getattr(cast, who))
    wrong = []
    for url, data in addresses(world, receipts=False):
        answer = client.get(url, data)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode(errors="ignore")
        asked = " ".join([url, *map(str, data.values())])  # what one typed oneself may stand on the page again
        wrong += [(url, data, trace) for trace in forbidden if trace in text and trace not in asked]
    assert wrong == []


def test_the_receipt_of_another_opens_nothing_more(cast: Cast) -> None:
    world = screens.live_in(cast)
    client = client_of()
    own = client.get(reverse("portal:progress", args=[world.filed.appeal.receipt])).content.decode()
    assert world.filed.appeal.words in own
    for trace in [*traces(world, of_all=False), world.cast.chen.phone, *(case.title[:12] for case in world.cases[2:])]:
        assert trace not in own
    for attempt in ("AAAA-AAAA-AAAA", world.private.appeal.number, world.private.case.number):
        assert client.get(reverse("portal:progress", args=[attempt])).status_code == 404
