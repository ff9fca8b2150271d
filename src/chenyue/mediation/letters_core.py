"""What parties are told when they are asked, and when it has ended: by whatever reaches them, never what it's about."""

import json
from datetime import datetime
from pathlib import Path

from chenyue.core import office
from chenyue.core.actors import Actor
from chenyue.mediation import stages
from chenyue.mediation.lifecycle import Side, Stage
from chenyue.mediation.models import Mediation, Party
from chenyue.mediation.parties import current_parties
from chenyue.notify import texts
from chenyue.notify.actions import Letter, Person, send_many

for _row in json.loads((Path(__file__).parent / "data" / "letters_core.json").read_text(encoding="utf-8")):
    texts.register(**_row)


@stages.follow
def on_stage(mediation: Mediation, was: str, by: Actor, at: datetime) -> None:
    """Every party is asked when it is accepted, and told when it ends without agreement (art. 26)."""
    if mediation.stage == Stage.CONSENT and was in (Stage.SCREENING, Stage.REFUSED):
        _send(mediation, "mediation-asked", current_parties(mediation), at)
    elif mediation.stage == Stage.NOT_ACCEPTED:  # the other side doesn't know of it yet
        applicants = [party for party in current_parties(mediation) if party.side == Side.APPLICANT]
        _send(mediation, "mediation-ended", applicants, at)
    elif mediation.stage == Stage.TERMINATED:
        _send(mediation, "mediation-ended", current_parties(mediation), at)


def _send(mediation: Mediation, text: str, parties: list[Party], at: datetime) -> None:
    committee = mediation.committee
    blanks = {
        "committee": committee.name, "number": mediation.number, "phone": committee.phone or office.get("phone"),
    }  # fmt: skip
    reached = {
        party.pk: Person(email=party.resident.email if party.resident else "", phone=party.phone)
        for party in parties
        if not (party.phone_only or party.died_on)
    }
    letters = [
        Letter(text, person, blanks, f"{text}:{mediation.pk}:{mediation.version}:{pk}")
        for pk, person in reached.items()
        if person.email or person.phone
    ]
    if letters:
        send_many(letters, about=mediation.subject, at=at)
