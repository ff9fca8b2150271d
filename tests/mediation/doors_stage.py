"""The mediation on which the rows of the table of doors stand. `wang` mediates; lin's unit is invited."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from cast import Cast
from mediation.stage import BEGAN, MediationStage, stage


class Mediated:
    """One of each thing that a door shows, made when a row asks for it. Each helper's things are added below."""

    def __init__(self, cast: Cast, case: Any) -> None:
        self.stage: MediationStage = stage(cast, case)
        self.invitation = self.stage.invite("drainage")

    @property
    def number(self) -> str:
        return self.stage.number

    @cached_property
    def party(self) -> Any:
        return self.stage.applicant

    @cached_property
    def consent(self) -> Any:
        """That the applicant wants to be mediated."""
        return self.stage.applicant.consents.get(question="mediation", superseded_at=None)

    @cached_property
    def risk(self) -> Any:
        """A danger of which nobody outside was told."""
        from chenyue.mediation import risks

        return risks.report(
            mediation=self.stage.mediation, kind="escalation", words="双方推搡。", by=self.stage.wang, at=BEGAN
        )

    @cached_property
    def calculation(self) -> Any:
        from chenyue.mediation import calculating

        given = {"amount": "100", "people": [{"name": "甲"}, {"name": "乙"}]}
        return calculating.keep(
            mediation=self.stage.mediation, kind="shares", title="", given=given, by=self.stage.wang, at=BEGAN
        )

    @cached_property
    def shown_calculation(self) -> Any:
        from chenyue.mediation import calculating

        kept = self.calculation
        if kept.shared_at is None:
            calculating.share(calculation=kept, by=self.stage.wang, at=BEGAN)
            kept.refresh_from_db()
        return kept

    @cached_property
    def own_evidence(self) -> Any:
        from chenyue.mediation import evidence
        from mediation.pictures import photograph

        files = [photograph("田界.jpg")]
        return evidence.add(
            mediation=self.stage.mediation, kind="photo", title="田界", by=self.stage.wang, at=BEGAN, uploads=files,
            party=self.stage.applicant,
        )[0]  # fmt: skip

    @cached_property
    def meeting(self) -> Any:
        """A meeting an hour ago, about whose minutes the parties are asked."""
        from mediation.talks_stage import asked_about

        return asked_about(self.stage)

    @cached_property
    def seat(self) -> Any:
        return self.meeting.attendances.get(party=self.stage.applicant)

    @cached_property
    def planned(self) -> Any:
        """A meeting of tomorrow."""
        from mediation.talks_stage import planned

        return planned(self.stage)

    @cached_property
    def piece(self) -> Any:
        """Evidence of one side, with a file."""
        from mediation.talks_stage import piece

        return piece(self.stage)

    @cached_property
    def agreed(self) -> Any:
        """An agreement about a part, in effect, with something that came and visits to be made."""
        from decimal import Decimal

        from chenyue.mediation import performing
        from mediation.agree_stage import DUE, signed

        agreement = signed(self.stage, partial=True)
        part = agreement.obligations.get().instalments.get()
        self.came = performing.receive(part=part, amount=Decimal(100), on=DUE, by=self.stage.wang, at=on_day(DUE))
        return agreement

    @cached_property
    def due_part(self) -> Any:
        return self.agreed.obligations.get().instalments.get()

    @cached_property
    def receipt(self) -> Any:
        assert self.agreed
        return self.came

    @cached_property
    def visit(self) -> Any:
        return self.agreed.mediation.visits.first()

    @cached_property
    def draft(self) -> Any:
        """The draft of another agreement."""
        from mediation.agree_stage import drafted

        assert self.agreed
        return drafted(self.stage, partial=True)

    @cached_property
    def owed(self) -> Any:
        return self.draft.obligations.get()

    @cached_property
    def offered(self) -> Any:
        """One more, that waits for signatures, by hand: there is one draft at a time."""
        from chenyue.mediation.models import Agreement

        given = {"mediation": self.stage.mediation, "number": 9, "state": "signing", "text_sha256": "0" * 64}
        return Agreement.objects.create(made_at=BEGAN, **given)

    @cached_property
    def complaint(self) -> Any:
        """The applicant complains of the mediator."""
        from chenyue.mediation import complaints

        given = {"party": self.stage.applicant, "mediator": self.stage.mediator, "wrong": "favours", "how": "oral"}
        return complaints.complain(words="只听对方的。", by=self.stage.li, at=BEGAN, **given)

    @cached_property
    def copy(self) -> Any:
        """A copy of the agreement that the applicant got."""
        from chenyue.mediation import copies

        given = {"party": self.stage.applicant, "on": self.agreed.effect_on, "how": "hand", "by": self.stage.wang}
        return copies.hand_over(agreement=self.agreed, at=self.agreed.made_at + timedelta(days=9), **given)

    @cached_property
    def mark(self) -> Any:
        """The applicant's signature under it."""
        from chenyue.mediation.models import Signature

        given = {"signer": "party", "mark": "signature", "party": self.stage.applicant, "on": BEGAN.date()}
        return Signature.objects.create(agreement=self.offered, at=BEGAN, **given)

    @cached_property
    def volume(self) -> Any:
        """A volume of the dossier with one document, by hand: the press isn't needed for its doors."""
        from mediation.dossier_stage import volume

        return volume(self.stage, 1)

    @cached_property
    def being_made(self) -> Any:
        from mediation.dossier_stage import volume

        assert self.volume
        return volume(self.stage, 2, state="asked")


def on_day(day: Any) -> Any:
    """Ten o'clock on a day."""
    from datetime import datetime, time

    return datetime.combine(day, time(10), BEGAN.tzinfo)
