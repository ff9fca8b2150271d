"""One of each thing that the doors of deeds show: a need of drainage, an activity with who comes, a plan of a week."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cast import Cast
from chenyue.volunteering import joining, needs, signing_up
from chenyue.volunteering.lifecycle import Via
from chenyue.volunteering.models import WeekPlan
from volunteering.deeds_stage import BORN, DeedsStage


class Helped:
    """An office in which somebody asks for help, and somebody comes."""

    def __init__(self, cast: Cast, case: Any = None) -> None:
        stage, at = DeedsStage(cast), timezone.now()
        li, unit = cast.li.actor(), cast.units["drainage"].pk
        self.skill = stage.skill()
        self.resident = stage.resident("何晓芸")
        asked = needs.Asked("陪同就医", at + timedelta(days=3), at + timedelta(days=3, hours=2), unit=unit)
        self.need = needs.ask(asked, by=li, at=at, resident=self.resident, via=Via.WINDOW)
        self.volunteer = joining.join(
            stage.resident("李志愿"), by=li, at=at, via=Via.WINDOW, terms=True, birth_on=BORN
        )  # fmt: skip
        soon = {"starts_at": at + timedelta(days=2), "ends_at": at + timedelta(days=2, hours=2)}
        self.activity = stage.activity(case=case, words="清理雨水口。", place_words="南门", manager=cast.lin, **soon)
        self.sign_up = signing_up.sign_up(self.activity, self.volunteer, by=li, at=at, via=Via.PHONE)
        self.week = WeekPlan.objects.create(week=timezone.localtime(at).date(), state="ready", made_at=at)
