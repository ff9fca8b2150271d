"""While PostgreSQL is away, what residents tell is kept on this machine and filed when it's back: once, by its key.

On SQLite there is no such thing: the database is a file beside the spool, and what takes one away takes the other.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.core.files import File
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import crypto, events, idempotency, ids, office, spool, trouble
from chenyue.core.errors import Refusal
from chenyue.core.http import KEY, asked
from chenyue.core.limits import address
from chenyue.core.whose import carried, whose
from chenyue.people.residents import consent_text, give_consent
from chenyue.portal import telling
from chenyue.works import links

log = logging.getLogger(__name__)
SCOPE = "portal.tell"
SCOPE_KEY = f"{SCOPE}:resident:"  # as `http.once` writes it for somebody without an account
GIVEN = "portal.kept"  # receipt code that was given → the one under which it had been filed meanwhile
HOUR = 3600  # seconds
LOOK_EVERY = 1.0  # seconds between two looks whether the database is back
GIVE_UP = 900  # seconds; then the tick goes on
TELLS = ("words", "place_told", "name", "phone", "email", "consent_contact", "confidential")

_watching: set[str] = set()  # offices for which a thread of this process looks
_one = threading.Lock()


def possible(error: BaseException) -> bool:
    """Whether this error means that the database is away, and what was told can be kept meanwhile."""
    return possible_here() and trouble.is_away(error)


def possible_here() -> bool:
    """Whether anything may wait on this machine."""
    return connection.vendor == "postgresql"


def content(data: dict[str, Any], join: str) -> list[Any]:
    """What tells a retry from a key used for something else."""
    return [data["words"], data["place_told"], join]


def may_keep(request: HttpRequest) -> bool:
    """Whether this address may have one more kept; counted in this process alone, while there's no database."""
    most, who = int(office.get("tell_limit_address")), f"kept:{crypto.blind_index(address(request), 'kept')}"
    cache.add(who, 0, HOUR)
    return not most or cache.incr(who) <= most


def keep(request: HttpRequest, data: dict[str, Any], files: list[File], **more: str) -> str:  # type: ignore[type-arg]
    """Keep what was told; the receipt code. A second press of the button finds the first.

    `more`: `place` and `door` as they were chosen, `works`, `join`. Raises Refusal without a key or with a key used
    for other words, `spool.Full`, OSError.
    """
    key = request.POST.get(KEY, "")
    if not key or len(key) > idempotency.MAX_KEY:
        request.fresh_key = True  # type: ignore[attr-defined]
        raise idempotency.no_key()
    told = {name: data[name] for name in TELLS} | more
    about = {"told": told, "at": timezone.now().timestamp(), "request": asked(request)}
    receipt = ids.receipt_code()
    if not spool.keep(key=key, receipt=receipt, told=about, files=files):
        receipt = _first(request, key, told)
    watch()
    return receipt


def _first(request: HttpRequest, key: str, told: dict[str, Any]) -> str:
    one = spool.by_key(key)
    first = spool.told(one) if one else {}
    if not first or content(first["told"], first["told"]["join"]) != content(told, told["join"]):
        request.fresh_key = True  # type: ignore[attr-defined]
        raise idempotency.key_reused()
    return str(first["receipt"])


def kept_at(receipt: str) -> datetime | None:
    """Since when what was told under this code waits here; None if it doesn't."""
    one = spool.by_receipt(receipt)
    try:
        return datetime.fromtimestamp(spool.told(one)["at"], UTC) if one else None
    except FileNotFoundError:
        return None


def filed_as(receipt: str) -> str:
    """The code under which it had been filed already when it came out of the spool; "" if there is none."""
    return str((idempotency.found(GIVEN, receipt) or {}).get("receipt", ""))


def file_now(request: HttpRequest) -> None:
    """File what waits under this form's key, if anything does: the form's retry finds it then."""
    one = spool.by_key(request.POST.get(KEY, ""))
    if one is not None:
        _file(one, timezone.now())


def drain(at: datetime) -> int:
    """File all that waits, the oldest first; how many were filed. Stops where the database or the disk is away (again).

    What can't be filed for another reason is set aside, so that it doesn't hold up the others.
    """
    filed = 0
    for one in spool.waiting():
        try:
            filed += _file(one, at)
        except OSError:
            raise
        except Exception as error:
            if trouble.is_away(error) or trouble.is_full(error):
                raise
            log.exception("an appeal that was kept can't be filed, and is set aside")
            spool.set_aside(one)
            events.emit(spool.SetAside(one.mark, type(error).__name__, at))
    return filed


def file_again(one: spool.Waiting, at: datetime) -> bool:
    """File what was set aside, once more; False if it can't be filed still: then it is set aside again."""
    waits = spool.wait_again(one)
    try:
        return _file(waits, at)
    except Exception as error:
        if trouble.is_away(error) or trouble.is_full(error):
            raise  # it waits, as before it was set aside
        log.exception("an appeal that was set aside can't be filed")
        spool.set_aside(waits)
        return False


def _file(one: spool.Waiting, at: datetime) -> bool:
    """File it unless its key says that it is filed, then drop it; False where somebody else has it in hand."""
    with spool.held(one) as found:
        if found is None:
            return False
        about, files = found
        told, receipt = about["told"], about["receipt"]
        result, _fresh = idempotency.run_once(
            scope=SCOPE_KEY, key=about["key"], at=at, content=content(told, told["join"]), request=about["request"],
            act=lambda: _stored(about, files, at),
        )  # fmt: skip
        if result["receipt"] != receipt:  # filed from another machine, before this one came to it
            idempotency.run_once(scope=GIVEN, key=receipt, at=at, act=lambda: {"receipt": result["receipt"]})
        spool.drop(one)
    return True


def _stored(about: dict[str, Any], files: list[File], at: datetime) -> dict[str, Any]:  # type: ignore[type-arg]
    told = about["told"]
    more = {"join": told["join"], "at": at, "receipt": about["receipt"]}
    more["received_at"] = min(at, datetime.fromtimestamp(about["at"], UTC))
    place = _place(told)
    try:
        filed = telling.file(data=told, place=place, files=files, **more)
    except Refusal as refusal:
        if refusal.field != "attachments" or not files:
            raise
        log.warning("a file that was kept can't be read; its words are filed without it")
        filed = telling.file(data=told, place=place, files=[], **more)
    who = filed.appeal.reporter
    if who is not None and filed.appeal.consent_contact and consent_text("contact"):
        give_consent(resident=who, purpose="contact", at=at)
    works = telling.works_of(told["works"])
    if works:
        links.from_site(number=works.number, receipt=filed.appeal.receipt, at=at)
    return {"receipt": filed.appeal.receipt}


def _place(told: dict[str, Any]) -> telling.Where:
    at_door = telling.door(told["door"]) if told["door"] else None
    try:
        return telling.where(told["place"] or (str(at_door[0]) if at_door else ""), told["place_told"])
    except ValueError:
        return telling.Where()  # not on the list any more: a person reads where it is


def watch() -> None:
    """Look from now on whether the database is back, and file then: one thread in a process, until none waits."""
    with _one:
        if whose() in _watching:
            return
        _watching.add(whose())
    threading.Thread(target=carried(_watch), name="spool", daemon=True).start()


def _watch() -> None:
    try:
        until = time.monotonic() + GIVE_UP
        while spool.waiting() and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
            try:
                close_old_connections()
                drain(timezone.now())
            except DatabaseError:
                continue
            except Exception:
                log.exception("what is kept can't be filed")
    finally:
        connection.close()
        _watching.discard(whose())
