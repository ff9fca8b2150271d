"""The mediation on which the rows of the table of doors stand. `wang` mediates; lin's unit is invited."""

from functools import cached_property
from typing import Any

from cast import Cast
from mediation.stage import BEGAN, MediationStage, stage


class Mediated:
    """One of each thing that a door shows, made when a row asks for it. Each helper's things are added below."""

    def __init__(self, cast: Cast, case: Any) -> None:
        self.stage: MediationStage = stage(cast, case)
        self.stage.invite("drainage")

    @property
    def number(self) -> str:
        return self.stage.number

    @cached_property
    def party(self) -> Any:
        return self.stage.applicant

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
