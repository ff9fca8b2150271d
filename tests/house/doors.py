"""The table of doors: every URL, and what each member of the cast gets there.

One row per URL name. `kwargs` and `data` may be callables that get the world of `test_doors.world`
(a place, a case with its receipt, and so on), so that rows stay short. `method` is `get` unless said.
A status may be a set where several are right. Columns: nobody signed in, then the cast
(`wang` steward, `li` clerk, `lin` the unit that leads the sample case, `zhao` director, `sun` another
unit, `admin`, `zhou` the stranger). `everybody(200)` and friends fill a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WHO = ("anonymous", "wang", "li", "lin", "zhao", "sun", "admin", "audit", "zhou")
REFUSED = frozenset({403, 404})
TO_SIGN_IN = frozenset({302, 303})
Status = int | frozenset[int] | set[int]
Given = dict[str, Any] | Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """One URL, how it's knocked at, and who is let in."""

    expect: dict[str, Status]
    kwargs: Given = field(default_factory=dict)
    method: str = "get"
    data: Given = field(default_factory=dict)


def everybody(status: Status, **others: Status) -> dict[str, Status]:
    """The same for all, but for those named."""
    return dict.fromkeys(WHO, status) | others


def members(status: Status = 200, **others: Status) -> dict[str, Status]:
    """Whoever has signed in, the stranger too: pages about oneself, without a matter on them."""
    return dict.fromkeys(WHO, status) | {"anonymous": TO_SIGN_IN} | others


def only(*names: str, status: Status = 200) -> dict[str, Status]:
    """Those named get `status`, other members are refused, and who hasn't signed in is sent to sign in."""
    return dict.fromkeys(WHO, REFUSED) | {"anonymous": TO_SIGN_IN} | dict.fromkeys(names, status)


def number(world: Any) -> dict[str, Any]:
    return {"number": world.filed.case.number}


def with_appeal(world: Any) -> dict[str, Any]:
    return {"number": world.filed.case.number, "appeal": world.filed.appeal.number}


def receipt(world: Any) -> dict[str, Any]:
    return {"receipt": world.filed.appeal.receipt}


def building(world: Any) -> dict[str, Any]:
    return {"pk": world.cast.place("金桂苑1幢").pk}


def sun(world: Any) -> dict[str, Any]:
    return {"pk": world.cast.sun.pk}


def paper(world: Any) -> dict[str, Any]:
    return {"token": world.paper.token}


def own_paper(world: Any) -> dict[str, Any]:
    return receipt(world) | paper(world)


def asked(world: Any) -> dict[str, Any]:
    return {"pk": world.asked.pk}


def rated(world: Any) -> dict[str, Any]:
    return {"token": world.asked.token}


def refused(world: Any) -> dict[str, Any]:
    return {"pk": world.refused.pk}


def request(world: Any) -> dict[str, Any]:
    return {"pk": world.request.pk}


def once(world: Any) -> dict[str, Any]:
    from chenyue.core.ids import token

    return {"idempotency_key": token()}


NOTHING = {"pk": 999_999}  # a row that isn't there: those who may ask learn that, the others don't
NO_TOKEN = {"token": "nothing-like-this"}
SEE = ("wang", "li", "lin", "zhao")  # who may see the sample case; sun's unit has nothing to do with it
WORK = (*SEE, "sun")  # who has a desk with matters on it
GIVE = ("li", "zhao")  # who triages, dispatches, calls back
DRAIN = {"code": "drainage"}


def posted(expect: dict[str, Status], kwargs: Given | None = None, data: Given | None = None) -> Door:
    """A door that is only knocked at by sending a form."""
    return Door(expect, kwargs or {}, "post", data or {})


FRAME: dict[str, Door | list[Door]] = {
    "healthz": Door(everybody(200)),
    "readyz": Door(everybody(200)),
    "metrics": Door(everybody(200)),  # from this machine itself; see tests/core for others
    "demo": [Door(everybody(404)), posted(everybody(404))],  # a real office has no such page
    "core:look": [Door(everybody(405)), posted(everybody(303), data={"look": "elder"})],
    "core:styleguide": Door(members(200, anonymous=403)),
}

PORTAL: dict[str, Door | list[Door]] = {
    "portal:home": Door(everybody(200)),
    "portal:tell": [Door(everybody(200)), posted(everybody(422))],
    "portal:tell-look": posted(everybody(200), data={"words": "污水"}),
    "portal:tell-places": Door(everybody(200), data={"q": "金桂"}),
    "portal:door": Door(everybody(200), lambda w: {"code": w.cast.place("金桂苑1幢").code}),
    "portal:receipt": Door(everybody(200), receipt),
    "portal:follow": Door(everybody(200)),
    "portal:progress": [Door(everybody(200), receipt), Door(everybody(404), {"receipt": "AAAA-AAAA-AAAA"})],
    "portal:add-words": posted(everybody(422), receipt),
    "portal:rate-here": posted(everybody(422), receipt),
    "portal:file": [Door(everybody(200), own_paper), Door(everybody(404), lambda w: receipt(w) | NO_TOKEN)],
    "portal:rate": [Door(everybody(200), rated), Door(everybody(404), NO_TOKEN)],
    "portal:withdraw": [Door(everybody(405), receipt), posted(everybody(303), receipt, once)],
    "portal:privacy": Door(everybody(200)),
    "portal:my-data": [Door(everybody(200)), posted(everybody(422))],
}

OWN: dict[str, Door | list[Door]] = {
    "people:sign-in": Door(everybody(303, anonymous=200)),
    "people:second-step": Door(everybody(303)),
    "people:sign-out": [Door(everybody(405)), posted(everybody(303))],
    "people:account": Door(members()),
    "people:password": Door(members()),
    "people:second-factor": Door(members()),
    "people:remove-factor": Door(members()),
    "people:recovery-codes": Door(members(303)),
    "notify:notices": Door(members()),
    "notify:read-all": posted(members(303)),
    "notify:open": posted(members(404), NOTHING),
}

PEOPLE: dict[str, Door | list[Door]] = {
    "people:members": Door(only("admin")),
    "people:new-member": Door(only("admin")),
    "people:member": Door(only("admin"), sun),
    "people:member-active": posted(only("admin", status=303), sun),
    "people:member-password": posted(only("admin", status=422), sun),
    "people:member-factor": posted(only("admin", status=303), sun),
    "people:give-grant": posted(only("admin", status=422), sun),
    "people:take-grant": posted(only("admin", status=404), NOTHING),
    "people:units": Door(only("admin")),
    "people:new-unit": Door(only("admin")),
    "people:unit": Door(only("admin"), DRAIN),
    "people:unit-active": posted(only("admin", status=303), DRAIN),
    "people:roles": Door(only("admin")),
    "people:new-role": Door(only("admin")),
    "people:role": Door(only("admin"), {"code": "auditor"}),
    "people:requests": Door(only("zhao", "admin")),
    "people:new-request": Door(only("zhao", "admin")),
    "people:request": Door(only("zhao", "admin", status=404), NOTHING),
    "people:request-identity": posted(only("zhao", "admin", status=404), NOTHING),
    "people:request-copy": posted(only("zhao", "admin", status=404), NOTHING),
    "people:person": [Door(only("zhao", "admin"), request), Door(only("zhao", "admin", status=404), NOTHING)],
    "people:person-lock": posted(only("zhao", "admin", status=303), request, lambda w: once(w) | {"locked": "1"}),
    "people:person-correct": Door(only("zhao", "admin"), request),
    "people:person-withdraw": posted(
        only("zhao", "admin", status=404), lambda w: request(w) | {"purpose": "contact"}, once
    ),
    "people:consents": Door(only("admin")),
}

DESK: dict[str, Door | list[Door]] = {
    "desk:my-desk": Door(only(*WORK) | {"wang": 303, "admin": 303, "audit": frozenset({200, 303})}),
    "desk:inbox": Door(only(*GIVE)),
    "desk:inbox-confirm": posted(only(*GIVE, status=422)),
    "desk:inbox-correct": Door(only(*GIVE), number),
    "desk:inbox-similar": Door(only(*GIVE), number),
    "desk:inbox-join": posted(only(*GIVE, status=303), number),
    "desk:new-appeal": Door(only(*WORK)),
    "desk:suggest": posted(only(*WORK)),
    "desk:caller": posted(only(*WORK)),
    "gateway:chat": Door(only(*WORK)),
    "gateway:chat-file": posted(only(*WORK, status=422), data=once),  # a form without its chat
    "gateway:chat-done": Door(everybody(frozenset({403, 404}), anonymous=TO_SIGN_IN), NO_TOKEN),
    "desk:slip": Door(only(*GIVE), lambda w: {"number": w.filed.appeal.number}),
    "desk:pick-places": Door(members()),  # names of places are public
    "desk:search": Door(only(*WORK), data={"q": "污水"}),
    "desk:cases": Door(only(*WORK)),
    "desk:bulk": Door(only(*WORK)),
    "desk:export": posted(only("li", "lin", "zhao") | {"sun": frozenset({200, 303})}),
    "desk:export-job": Door(only("li", "lin", "zhao", "sun", status=404), NOTHING),
    "desk:export-file": Door(only("li", "lin", "zhao", "sun", status=404), NOTHING),
    "desk:bulk-undo": posted(only(*WORK, status=303)),
    "desk:save-view": posted(only(*WORK, status=422)),
    "desk:delete-view": posted(only(*WORK, status=404), NOTHING, once),
    "desk:case": Door(only(*SEE), number),
    "desk:answer": Door(only("lin", "zhao"), number),
    "desk:preview": posted(only("lin", "zhao"), number),
    "desk:settle": Door(only(*GIVE), number),
    "desk:note": Door(only("li", "lin", "zhao"), number),
    "desk:attach": Door(only("li", "lin", "zhao"), number),
    "desk:add-words": Door(only("li", "lin", "zhao"), with_appeal),
    "desk:reveal": Door(only("li", "lin", "zhao"), with_appeal),
    "desk:officer": Door(only(*SEE, status=404), lambda w: number(w) | NOTHING),
    "desk:part": posted(only(*SEE, status=404), lambda w: number(w) | NOTHING | {"act": "accept"}),
    "desk:draft": Door(everybody(REFUSED, anonymous=TO_SIGN_IN), lambda w: number(w) | {"kind": "summary"}),  # off
    "desk:matters": Door(only(*GIVE), with_appeal),
    "desk:matters-undo": posted(only(*GIVE, status=422), with_appeal),
    "desk:undo-join": posted(only(*GIVE, status=422), number, once),
    "desk:decide-extension": Door(only("zhao"), lambda w: number(w) | {"decision": "grant"}),
    "desk:move": [
        Door(only("lin", "zhao"), lambda w: number(w) | {"move": "accept"}),
        Door(only(*GIVE), lambda w: number(w) | {"move": "reassign"}),
        Door(only("li", "lin", "zhao"), lambda w: number(w) | {"move": "supervise"}),
        Door(only(*GIVE), lambda w: number(w) | {"move": "join"}),
        Door(everybody(REFUSED, anonymous=TO_SIGN_IN), lambda w: number(w) | {"move": "withdraw"}),
    ],
    "desk:attachment": [Door(only(*SEE), paper), Door(only(status=404), NO_TOKEN)],
    "desk:attachment-preview": Door(only(*SEE, status=frozenset({200, 404})), paper),
    "desk:callbacks": Door(only(*GIVE)),
    "desk:callback": [Door(only(*GIVE), asked), Door(only(*GIVE, status=404), NOTHING)],
    "desk:callback-slip": Door(only(*GIVE), asked),
    "desk:callback-tried": [posted(only(*GIVE, status=404), NOTHING), posted(only(*GIVE, status=303), asked, once)],
    "desk:callback-exclude": [
        posted(only(*GIVE, status=404), NOTHING),
        posted(only(*GIVE, status=422), asked, {"words": ""}),
    ],
    "desk:refusals": Door(only(*GIVE)),
    "desk:refusal": [Door(only(*GIVE, status=404), NOTHING), Door(only(*GIVE), refused)],
    "desk:learning": Door(only("li", "lin", "zhao", "sun", "audit", "admin")),
    "desk:learning-version": posted(only("zhao", "admin", status=422), {"version": 7}),  # there is no such version
    "desk:rates": Door(only("li", "lin", "zhao", "sun", "audit")),
    "desk:audit": Door(only("audit", "zhao")),
    "desk:audit-export": Door(only("audit", "zhao")),
}

SET_UP: dict[str, Door | list[Door]] = {
    "desk:set-up": Door(only("li", "zhao", "admin", "audit")),
    "desk:set-up-first": Door(everybody(404)),  # only an office without members is set up by anybody
    "desk:set-up-open": posted(only("admin", status=303)),
    "desk:set-up-office": Door(only("admin")),
    "desk:set-up-places": Door(only("admin")),
    "desk:set-up-places-import": Door(only("admin")),
    "desk:set-up-place": Door(only("admin"), building),
    "desk:set-up-place-back": posted(only("admin", status=303), building),
    "desk:set-up-cards": Door(only("admin"), building),
    "desk:set-up-rules": Door(only("admin")),
    "desk:set-up-rule-new": Door(only("admin")),
    "desk:set-up-rule": Door(only("admin", status=404), NOTHING),
    "desk:set-up-rule-act": posted(only("admin", status=404), NOTHING | {"act": "up"}),
    "desk:set-up-hours": Door(only("admin")),
    "desk:set-up-catalogue": Door(only("admin")),
    "desk:set-up-catalogue-import": Door(only("admin")),
    "desk:set-up-catalogue-export": Door(only("admin")),
    "desk:set-up-category": Door(only("admin"), {"code": "0102"}),
    "desk:set-up-errors": Door(only("admin", status=422), {"kind": "places"}),
    "desk:set-up-texts": Door(only("admin")),
    "desk:set-up-text": Door(only("admin", status=404), {"channel": "email", "code": "nothing"}),
    "desk:set-up-holidays": Door(only("admin")),
    "desk:set-up-channels": Door(only("admin")),
    "desk:set-up-channel": Door(only("admin"), {"code": "sms"}),
    "desk:set-up-channel-test": posted(only("admin", status=422), {"code": "sms"}),
    "desk:set-up-order": Door(only("admin")),
    "gateway:mail-in": Door(only("admin")),
    "desk:set-up-drafts": Door(only("admin")),
    "desk:set-up-floods": Door(only("admin")),
    "desk:deliveries": Door(only("li", "zhao", "admin")),
    "desk:resend": posted(only("li", "zhao", "admin", status=404), NOTHING),
    "desk:answer-templates": Door(only("admin")),
    "desk:answer-template-new": Door(only("admin")),
    "desk:answer-template": Door(only("admin", status=404), NOTHING),
}

from house.doors_bulletin import BULLETIN  # noqa: E402
from house.doors_hotline import HOTLINE  # noqa: E402
from house.doors_insight import INSIGHT  # noqa: E402
from house.doors_insight_boards import BOARDS  # noqa: E402
from house.doors_insight_brief import BRIEFS  # noqa: E402
from house.doors_insight_pains import PAINS  # noqa: E402
from house.doors_machines import MACHINES  # noqa: E402
from house.doors_mediation_agree import MEDIATION_AGREE  # noqa: E402
from house.doors_mediation_core import MEDIATION_CORE  # noqa: E402
from house.doors_mediation_faces import MEDIATION_FACES  # noqa: E402
from house.doors_mediation_paper import MEDIATION_PAPER  # noqa: E402
from house.doors_mediation_talks import MEDIATION_TALKS  # noqa: E402
from house.doors_papers import PAPERS  # noqa: E402
from house.doors_phone import PHONE  # noqa: E402
from house.doors_plan import MAP, PLANS  # noqa: E402
from house.doors_queue import QUEUE  # noqa: E402
from house.doors_roster import ROSTER  # noqa: E402 – its rows use what stands above
from house.doors_screens import SCREENS  # noqa: E402
from house.doors_stewards import STEWARDS  # noqa: E402
from house.doors_upkeep import UPKEEP  # noqa: E402
from house.doors_volunteering_contracts import VOLUNTEERING_CONTRACTS  # noqa: E402
from house.doors_volunteering_deeds import VOLUNTEERING_DEEDS  # noqa: E402
from house.doors_volunteering_ledger import VOLUNTEERING_LEDGER  # noqa: E402
from house.doors_volunteering_proofs import VOLUNTEERING_PROOFS  # noqa: E402
from house.doors_volunteering_self import VOLUNTEERING_SELF  # noqa: E402
from house.doors_wecom import WECOM  # noqa: E402
from house.doors_works import WORKS  # noqa: E402
from house.doors_works_residents import WORKS_RESIDENTS  # noqa: E402

DOORS: dict[str, Door | list[Door]] = FRAME | PORTAL | OWN | PEOPLE | DESK | SET_UP
DOORS |= ROSTER | QUEUE | SCREENS | HOTLINE
DOORS |= PAPERS | STEWARDS
DOORS |= WECOM
DOORS |= UPKEEP
DOORS |= PHONE
DOORS |= WORKS | WORKS_RESIDENTS
DOORS |= PLANS | MAP
DOORS |= MACHINES
DOORS |= BULLETIN | INSIGHT
DOORS |= BRIEFS
DOORS |= BOARDS
DOORS |= PAINS
DOORS |= VOLUNTEERING_CONTRACTS
DOORS |= VOLUNTEERING_SELF
DOORS |= MEDIATION_CORE | MEDIATION_TALKS | MEDIATION_AGREE | MEDIATION_PAPER | MEDIATION_FACES
DOORS |= VOLUNTEERING_DEEDS
DOORS |= VOLUNTEERING_LEDGER
DOORS |= VOLUNTEERING_PROOFS
