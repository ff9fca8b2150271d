"""Rules of conversion as dated data: one person proposes, another approves; an approved rule is never changed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.volunteering import acts, amounts, conversion, seeing
from chenyue.volunteering.lifecycle import Expiry, Grade, Rounding
from chenyue.volunteering.models import ConversionRule

SUBJECT = "credits:rules"
MOST_MINUTES = 100_000 * 60


@dataclass(frozen=True)
class Terms:
    """What a rule says. Credits in hundredths, time in minutes; None: no limit."""

    starts_on: date
    per_hour: int
    rounding: str = Rounding.NONE
    grades: tuple[str, ...] = (Grade.A, Grade.B)
    activity_minutes: int | None = None
    day_minutes: int | None = None
    year_minutes: int | None = None
    threshold_minutes: int = 0
    expiry: str = Expiry.NONE
    expiry_years: int = 0
    grace_days: int = 30
    balance_cap: int | None = None
    family_year_cap: int | None = None
    words: str = ""


def presets() -> list[dict[str, Any]]:
    """Rules that offices have published, for filling the form in. Examples, not recommendations."""
    file = Path(__file__).parent / "data" / "presets_rules.json"
    return list(json.loads(file.read_text(encoding="utf-8")))


def propose_rule(*, terms: Terms, by: Actor, at: datetime) -> ConversionRule:
    """Write a rule down that another person may approve. Raises NotAllowed, Refusal at the field that is wrong."""
    seeing.check(by, seeing.CREDITS)
    _check(terms, at)
    with transaction.atomic():
        newest = ConversionRule.objects.aggregate(newest=Max("version"))["newest"] or 0
        given = {name: value for name, value in vars(terms).items() if name not in ("grades", "words")}
        row = ConversionRule(
            version=newest + 1, grades=sorted(map(str, terms.grades)), words=acts.words(terms.words, "words", most=500),
            made_at=at, made_by=by.user, **given,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise Refusal(
                _("There is a rule from this day on already. Choose another day, or drop the proposal."),
                field="starts_on",
                code="day_taken",
            ) from error
        acts.record(SUBJECT, "rule_proposed", by=by, at=at, data={"version": row.version})
    return row


def _check(terms: Terms, at: datetime) -> None:
    amounts.within(terms.per_hour, "per_hour", most=1000 * amounts.HUNDREDTHS)
    acts.one_of(Rounding.values, terms.rounding, "rounding")
    acts.one_of(Expiry.values, terms.expiry, "expiry")
    if not terms.grades:
        raise Refusal(_("Choose which evidence converts."), field="grades", code="no_grades")
    for grade in terms.grades:
        acts.one_of(Grade.values, grade, "grades")
    if terms.expiry == Expiry.YEARS and not 1 <= terms.expiry_years <= 20:
        raise Refusal(_("Say after how many years, from 1 to 20."), field="expiry_years", code="no_years")
    step = conversion.STEPS[Rounding(terms.rounding)]
    for name in ("activity_minutes", "day_minutes", "year_minutes"):
        cap = getattr(terms, name)
        if cap is not None and (amounts.within(cap, name, most=MOST_MINUTES) < step):
            raise Refusal(_("A limit below one step of the rounding lets nothing through."), field=name, code="cap")
    amounts.within(terms.threshold_minutes, "threshold_minutes", zero=True, most=MOST_MINUTES)
    if not 0 <= terms.grace_days <= 365:
        raise Refusal(_("Give a number of days up to a year."), field="grace_days", code="grace")
    for name in ("balance_cap", "family_year_cap"):
        if getattr(terms, name) is not None:
            amounts.within(getattr(terms, name), name)
    _check_day(terms.starts_on, at)


def _check_day(day: date, at: datetime) -> None:
    """A rule touches only what is served from now on; the first of all may reach back."""
    first = not ConversionRule.objects.filter(approved_at__isnull=False).exists()
    if day < acts.local_day(at) and not first:
        raise Refusal(
            _("A rule can't begin in the past: what was served then was counted by the rule of that day."),
            field="starts_on",
            code="past",
        )


def approve_rule(*, rule: ConversionRule, by: Actor, at: datetime) -> ConversionRule:
    """The second person: from its day on the rule holds, and nothing changes it any more.

    Raises NotAllowed, Refusal `same_person`, `past`, Conflict where it was decided already.
    """
    seeing.check(by, seeing.CREDITS)
    with acts.locked(rule) as row:
        _undecided(row)
        if by.user is None or by.user.pk == row.made_by_id:
            raise Refusal(_("Another person must approve what you proposed."), code="same_person")
        _check_day(row.starts_on, at)
        row.approved_by, row.approved_at = by.user, at
        row.save(update_fields=["approved_by", "approved_at"])
        conversion.changed()
        acts.record(SUBJECT, "rule_approved", by=by, at=at, data={"version": row.version})
    return row


def drop_rule(*, rule: ConversionRule, by: Actor, at: datetime, reason: str = "") -> ConversionRule:
    """Take a proposal back, or refuse it. Its day is free again."""
    seeing.check(by, seeing.CREDITS)
    with acts.locked(rule) as row:
        _undecided(row)
        own = by.user is not None and by.user.pk == row.made_by_id
        row.reason = acts.words(reason, "reason", needed=not own, most=300)
        row.dropped_at, row.dropped_by = at, by.user
        row.save(update_fields=["reason", "dropped_at", "dropped_by"])
        acts.record(SUBJECT, "rule_dropped", by=by, at=at, data={"version": row.version}, said=row.reason)
    return row


def _undecided(row: ConversionRule) -> None:
    if row.approved_at or row.dropped_at:
        raise Conflict(_("This rule was decided on already."))


def rules() -> list[ConversionRule]:
    """All rules, newest day first, with who made and approved them. One statement."""
    return list(ConversionRule.objects.select_related("made_by", "approved_by", "dropped_by").order_by("-starts_on"))


def rule_for(version: int) -> ConversionRule:
    """A rule by its number. Raises NotFound."""
    row = ConversionRule.objects.select_related("made_by", "approved_by").filter(version=version).first()
    if row is None:
        raise NotFound
    return row
