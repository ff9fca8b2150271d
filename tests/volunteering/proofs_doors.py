"""One of each thing that the doors of proofs show: an activity of today, claims, a call, a complaint, certificates."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from cast import Cast
from chenyue.volunteering import certifying, checking, claiming, complaining, confirming, joining
from chenyue.volunteering.claiming import Told
from chenyue.volunteering.lifecycle import Via
from chenyue.volunteering.models import SpotCheck
from volunteering.deeds_stage import BORN, DeedsStage


class Proved:
    """An activity of drainage that is over since an hour. The rest is made when a row asks for it."""

    def __init__(self, cast: Cast) -> None:
        self.stage, self.at = DeedsStage(cast), timezone.now()
        self.began = self.at - timedelta(hours=3)
        self.activity = self.stage.activity(starts_at=self.began, ends_at=self.began + timedelta(hours=2), capacity=9)

    def _typed(self, name: str) -> Any:
        person = joining.join(
            self.stage.resident(name), by=self.stage.li, at=self.at, via=Via.WINDOW, terms=True, birth_on=BORN
        )
        told = Told(self.began, self.began + timedelta(hours=2), "签到表", 0, self.stage.resident("服务对象"))
        given = {"told": told, "by": self.stage.lin, "at": self.at, "activity": self.activity}
        return claiming.claim_typed(volunteers=[person], **given)[0]

    @cached_property
    def waiting(self) -> Any:
        return self._typed("志愿者甲")

    @cached_property
    def counted(self) -> Any:
        return self._typed("志愿者乙")

    @cached_property
    def entry(self) -> Any:
        return claiming.approve(self.counted, by=self.stage.cast.zhao.actor(), at=self.at, reason="见签到表")

    @cached_property
    def check(self) -> Any:
        day, claim = self.at.date(), self.entry.claim
        return SpotCheck.objects.create(claim=claim, drawn_at=self.at, seed=checking.seed_of(day), due_on=day)

    @cached_property
    def plea(self) -> Any:
        return complaining.complain(self.entry, words="他没有来", by=self.stage.li, at=self.at)

    @cached_property
    def asked(self) -> Any:
        day, unit = timezone.localtime(self.began).date(), self.stage.cast.units["drainage"]
        person = self.entry.volunteer
        return certifying.ask(person, from_on=day, until_on=day, by=self.stage.li, at=self.at, unit=unit)

    @cached_property
    def issued(self) -> Any:
        """With a number, but without the paper that issuing it would press."""
        row = self.asked
        row.number, row.state, row.issued_at, row.head, row.clerk = "Z2026-0001", "issued", self.at, "赵卫东", "林涛"
        row.save()
        return row

    @property
    def token(self) -> str:
        return confirming.token(self.waiting)
