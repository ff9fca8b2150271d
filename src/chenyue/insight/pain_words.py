"""Findings in sentences: what was counted, what would be usual, how sure that is. No label of a person, ever."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from chenyue.insight.lifecycle import PainKind
from chenyue.insight.models import Pain, PainRun

WHEN: dict[str, str | Promise] = {
    "weekday-day": pgettext_lazy("part of the week", "weekdays by day"),
    "weekday-evening": pgettext_lazy("part of the week", "weekday evenings"),
    "weekday-night": pgettext_lazy("part of the week", "weekday nights"),
    "weekend-day": pgettext_lazy("part of the week", "weekends by day"),
    "weekend-evening": pgettext_lazy("part of the week", "weekend evenings"),
    "weekend-night": pgettext_lazy("part of the week", "weekend nights"),
}


def summary(pain: Pain, run: PainRun) -> str:
    """One line of a list."""
    if pain.kind == PainKind.DOOR:
        return again(pain)
    days = run.settings.get("window") or run.settings.get("days") or 0
    if pain.kind == PainKind.SPOT:
        said = _("%(n)d within %(days)d days; %(usual)s would be usual here")
        found = said % {"n": pain.count, "days": days, "usual": number(pain.expected)}
        when = WHEN.get(pain.when)
        return found + (_(", mostly on %(when)s") % {"when": when} if when else "")
    found = ngettext(
        "%(n)d appeal within %(days)d days", "%(n)d appeals within %(days)d days", pain.count
    ) % {"n": pain.count, "days": days}  # fmt: skip
    if pain.p_value is None:
        return found + _("; there is nothing before to compare with")
    return found + _("; %(usual)s by the days before") % {"usual": number(pain.expected)}


def again(pain: Pain) -> str:
    """How often somebody had to come: what happened, not what they are."""
    data = {"n": pain.count, "since": day(pain.first_on)}
    if pain.room:
        return _("The same was told of one home %(n)d times since %(since)s") % data
    return _("Somebody came again with the same matter: %(n)d times since %(since)s") % data


def sure(pain: Pain, run: PainRun) -> list[str]:
    """How sure it is that this is more than chance, in plain words."""
    if pain.kind == PainKind.DOOR:
        return [_("Counted as it is, not tested: three times on different days within half a year.")]
    if pain.p_value is None:
        return [_("Not tested: there is no stretch before to compare with.")]
    found = [_("If nothing had changed, so many or more would come by chance in %(odds)s.") % {"odds": odds(pain)}]
    if pain.q_value is not None:
        if pain.q_value <= float(run.settings.get("rate", 0.1)):
            said = _("Among all findings as sure as this one, at most %(share)s are expected to be chance.")
            found.append(said % {"share": percent(max(pain.q_value, 0.001))})
        else:
            found.append(_("That may well be chance: it is large, but it hasn't clearly grown."))
    return found


def odds(pain: Pain) -> str:
    """A small probability as one of so many."""
    p = max(pain.p_value or 0.0, 1e-9)
    if p >= 0.1:
        return _("%(n)d of 10 such stretches") % {"n": max(1, round(p * 10))}
    whole = round(1 / p)
    digits = max(0, len(str(whole)) - 2)
    rounded = whole // 10**digits * 10**digits
    if p <= 1e-8:
        return _("fewer than one of 100,000,000 such stretches")
    return _("one of %(n)s such stretches") % {"n": f"{rounded:,}"}


def percent(share: float) -> str:
    """`0.0312` → `3.1 %`; what is smaller than a tenth of a per cent is said as that."""
    return "< 0.1%" if share < 0.001 else f"{share * 100:.1f}%"


def number(value: float) -> str:
    """What would be usual: one decimal, below ten; what is hardly anything is said as that."""
    if value < 0.05:
        return "< 0.1"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def day(on: date) -> str:
    """A day as papers write it."""
    return on.isoformat()


def of_run(run: PainRun) -> list[str]:
    """What a look did, and how its findings are kept from being chance."""
    told: dict[str, Any] = run.settings
    found = [_how(run)]
    if told.get("young"):
        found.append(_("There are fewer than thirty days before to say what is usual: nothing was tested."))
    if told.get("blind"):
        found.append(_("Hardly anything came in: nothing is held to be gone."))
    if away := told.get("outages"):
        said = ngettext("%(n)d day without any case is held for an outage.",
                        "%(n)d days without any case are held for outages.", len(away))  # fmt: skip
        found.append(said % {"n": len(away)})
    if told.get("grouped"):
        found.append(_("Kinds that were closed within the year are looked at with their whole group."))
    if copies := told.get("copies"):
        said = ngettext("%(n)d copy of the same words was counted once.",
                        "%(n)d copies of the same words were counted once.", copies)  # fmt: skip
        found.append(said % {"n": copies})
    if told.get("cut"):
        found.append(_("So much came in that only the newest appeals were compared."))
    return found


def _how(run: PainRun) -> str:
    data = {"tests": f"{run.tests:,}", "days": run.settings.get("window") or run.settings.get("days") or 0}
    data |= {"rate": round(100 * float(run.settings.get("rate", 0.1))), "usual": run.settings.get("usual", 0)}
    if run.kind == PainKind.SPOT:
        return _(
            "Each place and kind of the last %(days)d days is held against the %(usual)d days before, at least three "
            "cases: %(tests)s tests. By Benjamini and Hochberg's rule at most %(rate)d%% of what is shown is chance."
        ) % data  # fmt: skip
    if run.kind == PainKind.DOOR:
        return (
            _("Counted, not tested: the same kind at one home, or from one person, three times in %(days)d days.")
            % data
        )
    return _(
        "Appeals of the last %(days)d days that speak of one thing are held against as many days before: %(tests)s "
        "tests. Among those marked as growing at most %(rate)d%% are chance."
    ) % data  # fmt: skip
