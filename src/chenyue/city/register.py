"""The register of offices, as each process holds it: which office a name belongs to."""

import logging
import re
import threading
import time
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.whose import whose, within

log = logging.getLogger(__name__)
CHECK_EVERY = 2.0  # seconds; an office that was made or closed is known everywhere after that
PREFIX = "office_"
OFFICE = "CHENYUE_OFFICE"  # in the surroundings of a command: the code of the office it works for
_CODE = re.compile(r"[a-z][a-z0-9_]{0,28}[a-z0-9]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]+\]")


@dataclass(frozen=True)
class Listed:
    """An office as the register lists it."""

    schema: str
    code: str
    name: str
    is_open: bool
    is_city: bool
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class _Held:
    at: float
    offices: tuple[Listed, ...]
    by_host: dict[str, Listed]


_held: _Held | None = None
_lock = threading.Lock()


def schema_of(code: str) -> str:
    """The schema of the office of this code; Refusal for a code that none can have."""
    if not _CODE.fullmatch(code):
        raise Refusal(_("A code has 2 to 30 small letters, digits and low lines, and begins with a letter."))
    return PREFIX + code


def host_of(typed: str) -> str:
    """A name as it is kept: small letters, no port, no dot at the end. Refusal for what can't be one."""
    name = bare(typed)
    if not _HOST.fullmatch(name) or ".." in name:
        raise Refusal(_("This is not the name of a machine, such as chenguang.example.org."))
    return name


def bare(host: str) -> str:
    """The name that was asked for, without its port."""
    host = host.strip().lower()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0] if host.count(":") == 1 or "]:" in host else host
    return name.removesuffix(".")


def offices(*, fresh: bool = False) -> tuple[Listed, ...]:
    """All offices by code, closed ones too."""
    return _now(fresh).offices


def by_host(host: str) -> Listed | None:
    """The office that is asked for by this name, a port behind it or not."""
    return _now().by_host.get(bare(host))


def mine() -> Listed | None:
    """The office whose data is being worked with."""
    return next((one for one in _now().offices if one.schema == whose()), None)


def code_of(schema: str) -> str:
    """The code of the office with this schema."""
    return schema.removeprefix(PREFIX)


def get(code: str) -> Listed:
    """The office of this code, as the register has it now. Raises Refusal."""
    for one in offices(fresh=True):
        if one.code == code:
            return one
    raise Refusal(_("There is no office with this code."), field="office")


def forget() -> None:
    """Read it again at the next use."""
    global _held
    _held = None


def _now(fresh: bool = False) -> _Held:
    global _held
    held = _held
    if held is None or fresh or time.monotonic() - held.at > CHECK_EVERY:
        try:
            found = _read()
        except DatabaseError:
            if held is None or fresh:
                raise
            # While the database is away, what is held is still good for saying so in the right place.
            found = _Held(time.monotonic(), held.offices, held.by_host)
        with _lock:
            held = _held = found
    return held


def _read() -> _Held:
    from chenyue.city.models import Host, Office

    with within(""):
        rows = list(Office.objects.all())
        hosts: dict[int, list[str]] = {}
        for name, office in Host.objects.order_by("-is_primary", "domain").values_list("domain", "tenant_id"):
            hosts.setdefault(office, []).append(name)
    found = tuple(
        Listed(row.schema_name, row.code, row.name, row.state == "open", row.is_city, tuple(hosts.get(row.pk, ())))
        for row in rows
    )
    return _Held(time.monotonic(), found, {name: one for one in found for name in one.hosts})
