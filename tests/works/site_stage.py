"""What stands on the site of `works.stage`: a phase, a notice, a defect, a photograph, a case, an objection."""

import io
from datetime import date, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chenyue.works import actions, links
from chenyue.works.lifecycle import Step
from chenyue.works.models import CaseLink, Project
from chenyue.works.site import calendar, defects, photos, postings
from works.stage import Stage, day, stage


def photograph(colour: str = "#88A0B0", name: str = "照片.png") -> SimpleUploadedFile:
    """A small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def phase(found: Stage, **more: Any) -> Any:
    """Pipes are renewed for a week, a month after the plan was published."""
    first = day(30).date()
    given: dict[str, Any] = {
        "kind": "work", "title": "立管施工", "starts_on": first, "ends_on": first + timedelta(days=7),
        "by": found.zhao, "at": day(1),
    }  # fmt: skip
    return calendar.save_phase(project=found.project, **(given | more))


def water_off(found: Stage, on: date, **more: Any) -> Any:
    """The water is off from eight to noon."""
    given = {"kind": "water_off", "title": "停水", "starts_on": on, "ends_on": on}
    return phase(found, **(given | {"from_time": time(8), "to_time": time(12)} | more))


def posting(found: Stage, **more: Any) -> Any:
    """The plan's display, written but not hung up."""
    given: dict[str, Any] = {
        "kind": "plan", "title": "改造方案公示", "text": "现将方案予以公示。", "display": "15d", "plan": found.plan,
        "places": [found.cast.place("金桂苑1幢").pk, "北门公告栏"], "by": found.zhao, "at": day(1),
    }  # fmt: skip
    return postings.save_posting(project=found.project, **(given | more))


def defect(found: Stage, **more: Any) -> Any:
    """A cover that wasn't put back."""
    given = {"words": "井盖没有复位。", "building": found.cast.place("金桂苑1幢").pk, "by": found.li, "at": day(2)}
    return defects.report(project=found.project, **(given | more))


class Site:
    """One of each, made when it is asked for."""

    def __init__(self, cast: Any, case: Any = None) -> None:
        self.stage = stage(cast)
        self.number = self.stage.project.number
        self.home = self.stage.home("1单元101")
        self.home.code = "QRTW-XYAC-DEFG"
        self.home.save(update_fields=["code"])
        self.stance = self.stage.says("1单元101", Step.AGAINST)
        self.ballot = self.stage.votes("1单元102")
        li = self.stage.li
        self.objection = actions.raise_objection(
            project=self.stage.project,
            home=self.home,
            words="管道从客厅走，太吵。",
            reasons=["noise"],
            by=li,
            at=day(2),
        )
        self.phase = phase(self.stage)
        self.posting = posting(self.stage)
        self.defect = defect(self.stage)
        uploads = [photograph()]
        made = photos.add_files(
            project=self.stage.project, uploads=uploads, kind="before", by=self.stage.zhao, at=day(1), public=True
        )
        self.photo = made[0]
        self.link: Any = None
        if case is not None:
            how = CaseLink.Known.STAFF
            self.link = links.link(project=self.stage.project, case=case, how=how, by=li, at=day(3))

    def opened(self) -> Any:
        """The project, with its page open to residents."""
        Project.objects.filter(pk=self.stage.project.pk).update(published_at=day(0))
        return self.stage.project
