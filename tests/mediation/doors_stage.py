"""The mediation on which the rows of the table of doors stand. `wang` mediates; lin's unit is invited."""

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
