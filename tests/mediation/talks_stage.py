"""Meetings and evidence for the table of doors, by the real clock."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from chenyue.mediation import evidence, meetings, minutes
from chenyue.mediation.meetings import Came, Held, Plan
from chenyue.mediation.models import Evidence, Meeting
from mediation.stage import MediationStage


def planned(found: MediationStage, hours: float = 24) -> Meeting:
    """A meeting so many hours from now."""
    at = timezone.now()
    whom = [f"party:{found.applicant.pk}", f"party:{found.respondent.pk}", f"appointment:{found.appointment.pk}"]
    plan = Plan("joint", at + timedelta(hours=hours), "一楼调解室", agenda="征地补偿款的分配", whom=whom)
    return meetings.plan_meeting(mediation=found.mediation, plan=plan, by=found.wang, at=at)


def held(found: MediationStage) -> Meeting:
    """A meeting that took place an hour ago."""
    made, at = planned(found, -1), timezone.now()
    came = {row.pk: Came(True) for row in made.attendances.all()}
    went = Held(at, came, "王建国", "双方对份额仍有争议。", False)
    return meetings.hold_meeting(meeting=made, held=went, by=found.wang, at=at)


def asked_about(found: MediationStage) -> Meeting:
    """Its minutes are with the parties."""
    made, at = held(found), timezone.now()
    minutes.write(meeting=made, words="申请人认为应分得一半；对方认为应按人口分。", by=found.wang, at=at)
    minutes.ask(meeting=made, by=found.wang, at=at)
    made.refresh_from_db()
    return made


def piece(found: MediationStage) -> Evidence:
    """A photograph that the applicant handed in."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "PNG")
    file = SimpleUploadedFile("地块照片.png", out.getvalue(), "image/png")
    return evidence.add(
        mediation=found.mediation, kind="photo", title="地块照片", party=found.applicant, uploads=[file], by=found.wang,
        at=timezone.now(),
    )[0]  # fmt: skip
