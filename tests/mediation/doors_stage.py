"""The mediation on which the rows of the table of doors stand. `wang` mediates; lin's unit is invited."""

from functools import cached_property
from typing import Any

from cast import Cast
from mediation.stage import MediationStage, stage


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
