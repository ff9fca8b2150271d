"""Settings of this office that people change on a page, with their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Sentence
from chenyue.core.events import emit

DEFAULTS: dict[str, Any] = {
    "name": "晨光街道办事处",
    "short_name": "晨光街道",
    "phone": "",
    "supervision_phone": "",  # where people complain about the office itself; stands on posters and cards
    "address": "",
    "hours": "",  # when people receive, in words, such as 周一至周五 8:30–17:30
    "site_address": "",  # https://… as residents reach it; needed for links in messages and on paper
    # Against floods through the residents' form; 0 switches a limit off.
    "tell_limit_address": 60,  # appeals an hour from one network address (neighbours often share one)
    "tell_limit_phone": 10,  # appeals a day with one telephone number
    "tell_min_seconds": 2,  # a form sent back sooner was hardly typed by a person
    # Floods of forms that anybody may send (core.floods): "flood" asks for work in a flood only, "always", or "off".
    "flood_guard": "flood",
    "flood_from_address": 12,  # forms from one network address in ten minutes that are a flood; 0: never
    "flood_from_all": 120,  # and from everywhere
    "flood_wait_seconds": 20,  # what takes the place of work where a browser does none; more, the larger the flood
    "flood_waiting": 12,  # forms an hour from one address that pass by waiting, in a flood; 0: no limit
    # Codes for signing in by telephone (people.phone_codes): each costs a short message; 0: no limit.
    "phone_codes_a_day": 300,
    # Words left for a steward by the code on a door.
    "relay_limit_address": 20,  # an hour from one network address
    "relay_limit_phone": 5,  # a day with one telephone number
    "relay_limit_door": 60,  # a day at one building
    "set_up": False,
    "demo": False,
    "basically_satisfied_weight": 1,  # w in (满意 + w·基本满意) ÷ called back: 1 or 0
    "callback_days": 3,  # a callback not made by then is tried again, then counts as tried
    "callback_tries": 3,
    "warn_share": 0.75,  # a clock warns when this share of the promise is used
    "review_return_within": "4wh",
    # By when a person has looked at a new case, by urgency; and how long after a broken promise it goes higher.
    "triage_within": {"normal": "2wh", "urgent": "1h", "emergency": "15m"},
    "escalate_after": {"normal": "4wh", "urgent": "2h", "emergency": "15m"},
    "urgent_phone_text": "",
    "second_factor_for": "",  # who must set one up before anything else: nobody, "contact" (see people.factors), "all"
    "look_minutes": 15,  # contact data that was asked for with a reason stays unmasked so long
    "data_request_within": "15wd",  # requests about personal data (PIPL 50 says "in time")
    "queue": {},  # of reception: what differs from `reception.queue.rules.QueueRules`
    # Channels (notify.routes, notify.quiet).
    "text_routes": {},  # text → codes of channels in the order in which they are tried; else e-mail, then SMS
    "quiet_hours": ["21:00", "08:00"],  # no SMS to residents then, unless urgent; the same twice: never quiet
    # Drafts by a machine (cases.drafting): an OpenAI-compatible service; off until an administrator connects one.
    "draft_on": False,
    "draft_address": "",  # such as https://example.org/v1
    "draft_model": "",
    "draft_key": "",  # encrypted
    "draft_seconds": 15,  # for the whole answer
    "carried_keys": {},  # encrypted, by kind; see `carried`
    # Stewards (stewards.rules).
    "steward_role": "steward",  # code of the role that a term gives its steward at the building
    "steward_age_limit": 70,  # years: from then on a successor is looked for
    "steward_inactive_days": 60,  # without a visit, a report or an answer
    "steward_remind_days": 30,  # before a term ends, steward and office are told
    # How many homes a home counts as in the load; one that is none of these counts 1.
    "steward_weights": {"alone": 3, "disabled": 3, "tenant": 0.5},
    "steward_balance": 0.15,  # loads within this share of the average are even
    # Renewal works (works.site.projects).
    "works_keep_days": 1095,  # after the end: then the reasons of homes are anonymised, counts stay
    # Agreements of mediations (mediation.performing, mediation.visiting).
    "mediation_remind_days": 3,  # before a day that was agreed, whoever owes is reminded; 0: only on the day
    "mediation_overdue_days": [1, 7, 15],  # after it: remind, visit, tell the other side of its rights
    "mediation_visit_days": [30, 180],  # after an agreement took effect, each party is asked
    # Mediation (mediation.screening).
    "mediation_days": 30,  # from registration; more only when every party agrees (宁波市人民调解条例 27: a month)
    "mediation_caucus_days": 365,  # after its end: then what parties said alone is destroyed (mediation.caucus)
    # How long dossiers are kept, where it differs from mediation/data/dossier.json: kind of dispute, or "default",
    # → permanent, long, short (mediation.dossier.rules).
    "mediation_retention": {},
    # How long what is kept of people stays (core.keeping): kind → days, where the office chose them.
    "keep_days": {},
    # The ground under the office's plan (desk.office_ground): off until somebody names tiles or a picture of it.
    "map_tiles": "",  # https://…/{z}/{x}/{y}…
    "map_tiles_system": "wgs84",  # places.coordinates.System
    "map_tiles_credit": "",  # whose map, with its approval number (审图号)
    "map_image": "",  # a picture of the ground, as `core.kept_files` keeps it
    "map_image_bounds": [],  # its west, south, east and north edge, degrees of WGS-84
    "centre_unit": "centre",  # code of the unit that takes what is nobody else's
    # Visits at doors that a person should look at: doors sooner one after the other, more of them in a day.
    "steward_visit_seconds": 60,
    "steward_visits_a_day": 60,
    # Evidence of voluntary service: what differs from volunteering/data/evidence.json (volunteering.thresholds).
    "volunteering_evidence": {},
    # Vouchers that a supplier redeems: what differs from volunteering.booking_terms.ODD.
    "volunteering_odd": {},
    # Briefs (insight.brief): which are written by themselves, from which hour on, and ids of the members who get them.
    "briefs": {"daily": True, "weekly": True, "monthly": True},
    "brief_hour": 6,
    "brief_readers": {"daily": [], "weekly": [], "monthly": []},
    # Open data (insight.opendata): off until the office wants it; at least so many people stand behind each row.
    "open_data": False,
    "open_data_k": 5,
    "open_data_licence": "",  # the office's own words; else those that ship
    # Backups (upkeep.backups).
    "backup_folder": "",  # on a disk of its own; empty: into the data folder
    "backup_mark": "",  # by which that disk is known again
    "backup_hour": 2,  # by the office's wall clock
    "backup_keep": {"days": 14, "weeks": 8, "months": 12},
    "backup_warn_days": 3,  # without a proved one: then those responsible are told each day; 0: never
    "backup_code": "",  # encrypted: the recovery code
    "backup_key": "",  # encrypted: of the files beside the backups
    "backup_handed_out": "",  # the day on which the code was put away on paper
    # Accept by, contact by, resolve by, where a category's row doesn't say; emergencies by the wall only.
    "promises": {
        "normal": ["4wh", "1wd", "5wd"],
        "urgent": ["1h", "4h", "24h"],
        "emergency": ["15m", "30m", "8h"],
    },
}


def _load() -> dict[str, Any]:
    from chenyue.core.models import OfficeSetting

    return DEFAULTS | dict(OfficeSetting.objects.values_list("name", "value"))


_settings = snapshots.Snapshot("office", _load)


def get(name: str) -> Any:
    """The value of a setting; KeyError for a name that has no default."""
    return _settings.get()[name]


def put(**values: Any) -> None:
    """Change settings by name; refuses unknown names (KeyError)."""
    from chenyue.core.models import OfficeSetting

    for name, value in values.items():
        if name not in DEFAULTS:
            raise KeyError(name)
        OfficeSetting.objects.update_or_create(name=name, defaults={"value": value})
    snapshots.bump("office")


@dataclass(frozen=True)
class SettingsChanged:
    """Somebody changed settings on a page: of each its value before and after, secrets as dots."""

    changes: dict[str, list[Any]]
    by: Actor
    at: datetime


SECRET = frozenset({"draft_key"})
_labels: dict[str, Sentence] = {}


@transaction.atomic
def change(*, by: Actor, at: datetime, **values: Any) -> list[str]:
    """Change settings in somebody's name, and tell it; what stays as it was isn't touched. The names that changed."""
    before = {name: get(name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if changed:
        put(**changed)
        told = {n: ["•••", "•••"] if n in SECRET else [before[n], value] for n, value in changed.items()}
        emit(SettingsChanged(told, by, at))
    return list(changed)


def label(labels: Mapping[str, Any]) -> None:
    """Say what settings are called on the page where they are changed."""
    _labels.update(labels)


def label_of(name: str) -> Sentence:
    """What a setting is called; its own name where no page says."""
    return _labels.get(name, name)
