"""Facts of the solver as sentences, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Names = Mapping[Any, str]
Data = dict[str, Any]


def facts(rows: list[Any], names: Names) -> list[str]:
    """Each fact as a sentence. One that isn't known (any more) is left out."""
    return [said for word, data in rows if (said := fact(word, data, names))]


def fact(word: str, data: Data, names: Names) -> str:
    """One fact as a sentence; empty if the word isn't known."""
    told = data | ({"name": names.get(data["steward"], "—")} if "steward" in data else {})
    return SENTENCES[word](told) if word in SENTENCES else ""


def _way(data: Data) -> str:
    told = data | {"metres": _metres(data["metres"])}
    if not data["home"]:
        return _("%(name)s's other buildings are about %(metres)s away.") % told
    if not data["nearer"]:
        return _("%(name)s lives nearest of all who may take it: %(metres)s.") % told
    return _("%(name)s lives %(metres)s away.") % told


def _metres(metres: int) -> str:
    if metres < 1000:
        return _("%(n)d m") % {"n": metres}
    return _("%(n)s km") % {"n": f"{metres / 1000:.1f}"}


def _estate(data: Data) -> str:
    words = ngettext(
        "%(name)s answers for %(n)d building of the same estate already.",
        "%(name)s answers for %(n)d buildings of the same estate already.",
        data["n"],
    )
    return words % data


def _nobody(data: Data) -> str:
    parts = []
    if data["full"]:
        parts.append(_("%(full)d have as many buildings as they take") % data)
    if data["avoid"]:
        parts.append(_("%(avoid)d asked not to be given it") % data)
    if data["closed"]:
        parts.append(_("%(closed)d get no more (away, moved, handing on for age, or long not heard of)") % data)
    said = _("Nobody may take it: of %(serving)d stewards %(parts)s.")
    return said % {"serving": data["serving"], "parts": "，".join(parts) or _("none is left")}


def _between(data: Data) -> Data:
    return data | {"low": f"{data['low']:g}", "high": f"{data['high']:g}"}


def _homes(data: Data) -> Data:
    return _between(data) | {"homes": f"{data['homes']:g}"}


SENTENCES: dict[str, Callable[[Data], str]] = {
    "vacant": lambda d: _("Nobody answers for it."),
    "leaves": lambda d: _("%(name)s leaves.") % d,
    "avoids": lambda d: _("%(name)s asked not to have it.") % d,
    "keeps": lambda d: _("It is to stay with %(name)s.") % d,
    "most": lambda d: _("%(name)s takes %(most)d buildings at most and has more.") % d,
    "heavy": lambda d: _("%(name)s carries %(before)d %% of a fair load, then %(after)d %%.") % d,
    "light": lambda d: _("%(name)s carries only %(before)d %% of a fair load, then %(after)d %%.") % d,
    "room": lambda d: _("%(name)s takes another building in this proposal and needs room for it.") % d,
    "nearer": lambda d: _("The way gets shorter: %(now)s instead of %(was)s.") % {
        "now": _metres(d["now"]), "was": _metres(d["was"]),
    },
    "together": lambda d: _("It goes with other changes of this proposal, so that the loads come out even."),
    "deputy": lambda d: _("%(name)s is the deputy there and knows the building.") % d,
    "lives": lambda d: _("%(name)s lives in this building.") % d,
    "way": _way,
    "estate": _estate,
    "dialect": lambda d: _("They speak %(dialect)s, as most people there do.") % d,
    "foreign": lambda d: _("Most people there speak %(dialect)s, which they don't.") % d,
    "load": lambda d: _("Load of %(name)s: %(before)d %% before, %(after)d %% after all changes.") % d,
    "without": lambda d: _("Without this change %(name)s would carry %(percent)d %%.") % d,
    "back": lambda d: _("It goes back to whom it came from."),
    "nobody": _nobody,
    "kept_heavy": lambda d: _(
        "What is to stay with them weighs %(homes)s already; %(low)s to %(high)s would be even."
    ) % _homes(d),
    "one_alone": lambda d: _(
        "One single building weighs %(homes)s; %(low)s to %(high)s would be even. A deputy can help."
    ) % _homes(d),
    "no_more": lambda d: _("They get no more: away, moved, handing on for age, or long not heard of."),
    "nothing_fits": lambda d: _(
        "Proven: no set of buildings that they may have weighs between %(low)s and %(high)s."
    ) % _between(d),
    "out_of_reach": lambda d: _(
        "Proven: what lies within a quarter of an hour on foot doesn't add up to %(low)s to %(high)s."
    ) % _between(d),
    "more_stewards": lambda d: _("There are more stewards (%(stewards)d) than buildings (%(buildings)d).") % d,
    "only_needed": lambda d: _("Only what is needed was changed. Ask for even loads to have more moved."),
    "proven": lambda d: _("Proven: however the buildings are shared out, no fewer loads are uneven."),
    "not_found": lambda d: _("Nothing better was found in the time given. Give it more seconds."),
}  # fmt: skip
