"""What may be asked and sent: dates with their zone, windows of at most ninety days, required attributes. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal

WINDOW = timedelta(days=90)
MOST = 1000  # rows of one answer
MOST_WORDS = 4000
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
LISTS = ("singlevaluelist", "multivaluelist")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_FIELD = re.compile(r"attribute\[([^\]\[]{1,60})\](\[\])?")


def refused(sentence: Any, code: str = "400") -> Refusal:
    """A refusal that becomes an entry of `errors`."""
    return Refusal(sentence, code=code)


def moment(name: str, typed: str) -> datetime | None:
    """A date as the specification wants it: whole seconds, with a zone. None for an empty one."""
    if not typed:
        return None
    if _DATE.fullmatch(typed):
        try:
            return datetime.fromisoformat(typed)
        except ValueError:
            pass
    raise refused(_("%(name)s must look like 2026-01-05T07:00:00+08:00, with its zone.") % {"name": name})


def window(start: datetime | None, end: datetime | None, at: datetime) -> tuple[datetime, datetime]:
    """From when to when is asked; ninety days at most. One bound alone reaches ninety days from it."""
    if start and end:
        if end < start:
            raise refused(_("end_date is before start_date."))
        if end - start > WINDOW:
            raise refused(_("At most 90 days can be asked for at once."))
        return start, end
    if start:
        return start, start + WINDOW
    end = end or at
    return end - WINDOW, end


def number(name: str, typed: str, most: int) -> int | None:
    """A whole number from 1 to `most`; None for an empty one."""
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:9]) <= most:
        raise refused(_("%(name)s must be a number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(typed[:9])


def listed(typed: str) -> list[str]:
    """The parts of a comma list."""
    return [part.strip() for part in typed.split(",") if part.strip()]


def point(latitude: str, longitude: str) -> tuple[float, float] | None:
    """A place in degrees of WGS-84; None if neither is given."""
    if not latitude and not longitude:
        return None
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        raise refused(_("lat and long must be decimal degrees, both of them.")) from None
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise refused(_("lat and long must be decimal degrees, both of them."))
    return found


def attributes(sent: Mapping[str, Sequence[str]], defined: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What was sent for the attributes of a service, checked by their definition; the refusal names the attribute."""
    given: dict[str, list[str]] = {}
    for key, values in sent.items():
        if found := _FIELD.fullmatch(key):
            given.setdefault(found[1], []).extend(v.strip() for v in values if v.strip())
    for one in defined:
        code, values = one["code"], given.get(one["code"], [])
        if one["required"] and one["variable"] and not values:
            raise refused(_("attribute[%(code)s] is required.") % {"code": code})
        if one["datatype"] in LISTS:
            known = {value["key"] for value in one["values"]}
            if unknown := [v for v in values if v not in known]:
                raise refused(
                    _("attribute[%(code)s] has no value “%(value)s”.") % {"code": code, "value": unknown[0][:60]}
                )
        if len(values) > 1 and one["datatype"] != "multivaluelist":
            raise refused(_("attribute[%(code)s] takes one value.") % {"code": code})
        _typed(one, values)
    return {one["code"]: given[one["code"]] for one in defined if given.get(one["code"])}


def _typed(one: Mapping[str, Any], values: Sequence[str]) -> None:
    for value in values:
        if one["datatype"] == "number":
            try:
                float(value)
            except ValueError:
                raise refused(_("attribute[%(code)s] must be a number.") % {"code": one["code"]}) from None
        if one["datatype"] == "datetime":
            moment(f"attribute[{one['code']}]", value)
        if len(value) > MOST_WORDS:
            raise refused(_("attribute[%(code)s] is too long.") % {"code": one["code"]})
