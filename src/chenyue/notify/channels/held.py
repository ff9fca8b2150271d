"""Settings of channels as the office keeps them: values in the clear, secrets encrypted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from chenyue.core import crypto, events, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed
from chenyue.notify.channels.register import fields_of, get
from chenyue.notify.models import ChannelSetup
from chenyue.people.events import PeopleChanged
from chenyue.people.rules import may

COLUMN = "notify_channelsetup.secrets"
HINT = 4  # characters of a secret that are shown


@dataclass(frozen=True)
class Setup:
    """One channel's settings with their defaults; secrets are in `values` too, and never in `repr`."""

    code: str
    on: bool = False
    driver: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = "") -> Any:
        """A setting, or `default` where none is kept."""
        return self.values.get(name, default)

    def hint(self, name: str) -> str:
        """A secret as it may be shown: dots and its last characters; "" while there is none."""
        kept = str(self.values.get(name) or "")
        if not kept:
            return ""
        return "••••" + (kept[-HINT:] if len(kept) >= 4 * HINT else "")


def setup_subject(code: str) -> str:
    """The name of a channel's settings on the timeline."""
    return f"channel:{code}"


@dataclass(frozen=True)
class _Row:
    """A channel's row as it is kept in memory."""

    on: bool
    driver: str
    values: dict[str, Any] = field(repr=False)
    secrets: dict[str, str] = field(repr=False)


def _load() -> dict[str, _Row]:
    rows = ChannelSetup.objects.annotate(stored=Cast("secrets", TextField()))  # as it stands: the key may have changed
    found = rows.values_list("code", "on", "driver", "values", "stored")
    return {code: _Row(on, driver, values, _opened(stored)) for code, on, driver, values, stored in found}


def _opened(stored: str) -> dict[str, str]:
    """Secrets out of their column; none where they were kept under another installation's key: to be typed anew."""
    try:
        return dict(json.loads(crypto.decrypt(stored, COLUMN) or "{}"))
    except ValueError:
        return {}


_rows = snapshots.Snapshot("channels", _load)


def of(code: str, driver: str = "") -> Setup:
    """The settings of a channel as they are kept; with `driver`, as if that one were chosen.

    Raises KeyError for a channel that nobody registered.
    """
    channel = get(code)
    row = _rows.get().get(code)
    if driver not in channel.drivers:
        driver = row.driver if row and row.driver in channel.drivers else next(iter(channel.drivers), "")
    kept = {**row.values, **row.secrets} if row else {}
    values = {one.name: one.default for one in (*channel.fields, *fields_of(channel, driver))}
    return Setup(code, bool(row and row.on), driver, values | kept)


@transaction.atomic
def change(
    *, code: str, by: Actor, at: datetime, on: bool | None = None, driver: str | None = None, **values: Any
) -> list[str]:
    """Keep settings of a channel; what isn't named stays. Gives the names that changed, and tells the timeline.

    A secret that is "" is forgotten; its value never reaches the timeline. NotAllowed for a member who doesn't set
    the office up.
    """
    if by.kind != "system" and not (by.kind == "member" and may(by.user, "office.setup")):
        raise NotAllowed
    channel = get(code)
    secret = {one.name for one in channel.fields if one.secret}
    ChannelSetup.objects.get_or_create(code=code, defaults={"changed_at": at})
    row = ChannelSetup.objects.select_for_update().defer("secrets").get(code=code)
    stored = ChannelSetup.objects.filter(code=code).annotate(stored=Cast("secrets", TextField()))
    before = _opened(stored.values_list("stored", flat=True).get())
    changed = {name for name, value in values.items() if {**row.values, **before}.get(name) != value}
    told: dict[str, Any] = {}
    if on is not None and on != row.on:
        row.on, told["on"] = on, on
    if driver is not None and driver != row.driver:
        row.driver, told["driver"] = driver, driver
    if not changed and not told:
        return []
    row.values = row.values | {name: value for name, value in values.items() if name not in secret}
    kept = before | {name: value for name, value in values.items() if name in secret}
    row.secrets = json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)
    row.changed_at = at
    row.save()
    snapshots.bump("channels")
    data = {"channel": code, "name": str(channel.name), "fields": sorted(changed), **told}
    events.emit(PeopleChanged(setup_subject(code), "notify.channel_set", by, at, data))
    return sorted(changed | set(told))
