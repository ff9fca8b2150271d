"""Whoever was served says whether it is true: by a link, by telephone, or on paper.

The link names no volunteer in full and opens nothing but one question; it holds for thirty days. What staff take down
must not come from who wrote the hours down.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.volunteering import acts, approving, persons, seeing
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.lifecycle import ClaimState
from chenyue.volunteering.models import Claim

LINK = timedelta(days=30)
BY_STAFF = ("phone", "paper")
HOW = {
    "page": _("on the page of the link"),
    "phone": _("by telephone"),
    "paper": _("on paper, signed"),
}
_SALT = "volunteering.confirm"
SERVED = Actor("resident", "served")  # whoever holds the link; no name in any entry


def token(claim: Claim) -> str:
    """What the link carries."""
    return signing.dumps(claim.pk, salt=_SALT)


def claim_of(given: str) -> Claim:
    """The claim behind a link. Raises NotFound for one that is broken or over."""
    try:
        pk = int(signing.loads(given, salt=_SALT, max_age=LINK))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound from error
    row = Claim.objects.select_related(*approving.BESIDE).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def may_ask(by: Actor, claim: Claim) -> bool:
    """Whether this actor asks whom it served: who organises or certifies there, or serves at the window."""
    unit = approving.unit_of(claim)
    if by.kind != "member":
        return False
    return seeing.may(by.user, seeing.SERVE) or any(
        seeing.may(by.user, word, unit) if unit else seeing.may(by.user, word)
        for word in (seeing.ORGANISE, seeing.CERTIFY)
    )


def ask(claim: Claim, *, base: str, by: Actor, at: datetime) -> str:
    """Send the link to whom it served, once a day; gives the link, for paper. Raises NotAllowed, Refusal `nobody`."""
    if not may_ask(by, claim):
        raise NotAllowed
    with acts.locked(claim, None, *approving.BESIDE, "served") as row:
        if row.served is None:
            raise Refusal(_("Nobody is named who was served: call, or take it down on paper."), code="nobody")
        link = base + reverse("volunteering:confirm", args=[token(row)])
        acts.record(row.volunteer.subject, "served_asked", by=by, at=at, data=_data(row))
        telling.ask_served(row, link, at)
    return link


def by_link(claim: Claim, *, true: bool, at: datetime, words: str = "") -> Claim:
    """What whoever was served says on the page. Raises Conflict for what was said or decided already."""
    with acts.locked(claim, None, *approving.BESIDE) as row:
        _not_yet(row)
        if true:
            return _confirmed(row, "page", SERVED, at)
        return _denied(row, SERVED, at, acts.words(words, "words", most=300))


def by_staff(
    claim: Claim, *, how: str, true: bool, by: Actor, at: datetime, words: str, version: int | None = None
) -> Claim:
    """What somebody was told on the telephone or holds on paper, and who said it (`words`).

    Raises NotAllowed; Refusal `same_person` for who wrote the hours down, `oneself`; Conflict.
    """
    acts.one_of(BY_STAFF, how, "how")
    said = acts.words(words, "words", needed=True, most=300)
    with acts.locked(claim, version, *approving.BESIDE) as row:
        if not may_ask(by, row):
            raise NotAllowed
        if row.recorded_by_id == by.user.pk:
            raise Refusal(
                _("You wrote these hours down yourself: somebody else asks whom they served."), code="same_person"
            )
        persons.not_oneself(by, row.volunteer.resident, _("These are your own hours: somebody else asks."))
        _not_yet(row)
        return _confirmed(row, how, by, at, said) if true else _denied(row, by, at, said)


def _not_yet(row: Claim) -> None:
    if row.state != ClaimState.WAITING or row.confirmed_at is not None:
        raise Conflict(_("This was answered or decided already. Thank you."))


def _data(row: Claim) -> dict[str, object]:
    return {"minutes": row.minutes, "day": acts.local_day(row.starts_at).isoformat(), "claim": row.pk}


def _confirmed(row: Claim, how: str, by: Actor, at: datetime, said: str = "") -> Claim:
    row.confirmed_at, row.confirmed_how, row.confirmed_by = at, how, by.user
    row.flags = [flag for flag in row.flags if flag.get("code") not in ("denied", "bare")]
    acts.touch(row, "confirmed_at", "confirmed_how", "confirmed_by", "flags")
    acts.record(row.volunteer.subject, "served_confirmed", by=by, at=at, data=_data(row) | {"how": how}, said=said)
    return row


def _denied(row: Claim, by: Actor, at: datetime, said: str) -> Claim:
    if "denied" not in {flag.get("code") for flag in row.flags}:
        row.flags = [*row.flags, {"code": "denied"}]
        acts.touch(row, "flags")
    acts.record(row.volunteer.subject, "served_denied", by=by, at=at, data=_data(row), said=said)
    telling.waits(row, at)
    return row
