"""A new office: its schema, copied from one that is kept ready, its folder with its own secrets, and the register.

Making 220 tables by migrations takes as long as all history did. So one schema, in no register and without an office,
is brought up to date by migrations, and a new office is a copy of it, all in one transaction.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.city import copying, migrating, register
from chenyue.city.models import Host, Office
from chenyue.core import office as office_settings
from chenyue.core import secrets, setup_code
from chenyue.core.errors import Refusal
from chenyue.core.whose import within

LOCK = 0x43_49_54_59  # one office is made at a time: they are copies of one schema
Said = Callable[[str], Any]


@dataclass(frozen=True)
class Made:
    """A new office, and the code that opens its set-up."""

    office: Office
    code: str


def make_office(code: str, host: str, name: str, *, at: datetime, is_city: bool = False, said: Said = str) -> Made:
    """Make an office that is asked for by `host`. Raises Refusal if code or host is taken or can't be."""
    schema, host, name = register.schema_of(code), register.host_of(host), name.strip()
    if not name or len(name) > 80:
        raise Refusal(_("An office has a name of up to 80 characters."))
    _refuse_taken(code, host, schema)
    migrating.bring_up_to_date(migrating.TEMPLATE, said)
    _folder(schema)
    with within(""), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _refuse_taken(code, host, schema)  # another may have been quicker
        copying.copy_schema(migrating.TEMPLATE, schema)
        made = Office.objects.create(schema_name=schema, code=code, name=name, is_city=is_city, made_at=at)
        Host.objects.create(domain=host, tenant=made, is_primary=True)
    register.forget()
    with within(schema):
        office_settings.put(name=name, short_name=name)
        return Made(made, setup_code.ensure())


def _refuse_taken(code: str, host: str, schema: str) -> None:
    with within(""):
        if Office.objects.filter(code=code).exists():
            raise Refusal(_("There is an office with this code already."))
        if Host.objects.filter(domain=host).exists():
            raise Refusal(_("Another office is asked for by this name."))
        if migrating.exists(schema):
            raise Refusal(_("The database has tables of an office with this code, but the register doesn't list it."))


def _folder(schema: str) -> None:
    """Its folder with its secrets; one that is left from an attempt that failed is taken."""
    with within(""):
        folder = Path(settings.HOME) / "offices" / schema
    secrets.load(folder)
    (folder / "files").mkdir(mode=0o700, exist_ok=True)


def set_state(code: str, state: str) -> None:
    """Open or close an office; its data stays as it is."""
    register.get(code)
    with within(""):
        Office.objects.filter(code=code).update(state=Office.State(state))
    register.forget()


def add_host(code: str, host: str) -> None:
    """One more name by which an office is asked for."""
    name = register.host_of(host)
    listed = register.get(code)
    with within(""), suppress(Host.DoesNotExist):
        taken = Host.objects.get(domain=name)
        if taken.tenant.code != listed.code:
            raise Refusal(_("Another office is asked for by this name."))
        return
    with within(""):
        Host.objects.create(domain=name, tenant=Office.objects.get(code=code), is_primary=False)
    register.forget()
