"""A finding and a root-cause project for the table of doors and for pages."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cast import Cast
from chenyue.insight import root_files, roots
from chenyue.insight.counting import Rule
from chenyue.insight.models import Pain, PainRun, RootProject
from chenyue.insight.roots import Plan
from insight.pains_stage import Town

DAY = timedelta(days=1)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645"
    "400000000049454e44ae426082"
)


class Pained:
    """A spot with its cases, the sample case among them, and a project about something else."""

    def __init__(self, cast: Cast, case: Any) -> None:
        self.cast, self.now = cast, timezone.now()
        self.today = timezone.localtime(self.now).date()
        self.town = Town(cast, self.now)
        place = case.building
        cases = [case, *self.town.cases(place, [2, 4, 6, 8])]
        run = PainRun.objects.create(
            at=self.now, kind="spot", since=self.today - DAY * 29, until=self.today, tests=120, found=1,
            settings={"window": 30, "usual": 365, "rate": 0.1},
        )  # fmt: skip
        self.pain = Pain.objects.create(
            kind="spot", key=f"{place.pk}:{case.category_id}", run=run, place=place, community=place.community,
            category=case.category, title="金桂苑1幢：污水", cases=[one.pk for one in cases], count=5, expected=0.4,
            p_value=0.0002, q_value=0.01, reporters=3, first_on=self.today - DAY * 8, last_on=self.today,
            seen_at=self.now,
        )  # fmt: skip
        self.project = self.began()

    def began(self, **more: Any) -> RootProject:
        """Another project, run by lin of drainage."""
        plan = Plan(
            "换一段塌陷的污水管", self.cast.units["drainage"], self.cast.lin, "", "换管。", self.today - DAY * 60,
            self.today - DAY, 1, self.today + DAY * 20, Rule(self.pain.place_id),
        )  # fmt: skip
        return roots.make(plan=plan, by=self.cast.zhao.actor(), at=self.now)

    def pictured(self) -> str:
        """The token of a photograph of the project."""
        picture = SimpleUploadedFile("前.png", PIXEL)
        row = root_files.add(
            project=self.project, stage="before", uploads=[picture], words="", by=self.cast.zhao.actor(), at=self.now
        )
        return str(row.files[0]["token"])
