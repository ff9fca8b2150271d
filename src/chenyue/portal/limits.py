"""How much one address or telephone number may ask of the residents' pages."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import crypto, office
from chenyue.core.limits import Limit, address, note, passes, reached

HOUR = timedelta(hours=1)
GUESSES = 12
GUESS = Limit("guess", GUESSES, timedelta(minutes=15))  # wrong receipt codes or links from one address
PHOTOS = 400 * 1024  # kilobytes of files taken from one address in an hour: two full forms of large ones
SPARE = 1024 * 1024 * 1024  # bytes of the disk that files of residents never take: words must still be kept
LOOKS = 600  # asks for suggestions from one address in an hour …
STEP = 20  # … counted in each process and written down by twenties: too many to write each down


def of_telling(request: HttpRequest, phone: str) -> list[tuple[Limit, str]]:
    """What an appeal counts for, of its address and of its telephone number."""
    by_address = Limit("tell", int(office.get("tell_limit_address")), HOUR)
    by_phone = Limit("tell-phone", int(office.get("tell_limit_phone")), timedelta(days=1))
    return [(by_address, address(request)), (by_phone, phone)]


def may_guess(request: HttpRequest) -> bool:
    """Whether this address may try another code; only wrong ones are counted, see `wrong_guess`. No statement."""
    return not reached(GUESS, address(request), timezone.now())


def wrong_guess(request: HttpRequest) -> None:
    """Count a code that wasn't known."""
    note(GUESS, address(request), timezone.now())


def may_look(request: HttpRequest) -> bool:
    """Whether this address may ask for another suggestion while typing. A statement at each twentieth ask."""
    limit, who, at = Limit("look", LOOKS, HOUR), address(request), timezone.now()
    if reached(limit, who, at):
        return False
    key = f"looks:{crypto.blind_index(who, 'look')}"
    cache.add(key, 0, int(HOUR.total_seconds()))
    try:
        counted = int(cache.incr(key))
    except ValueError:  # it ran out in between
        counted = 1
    if counted % STEP == 0:
        note(limit, who, at, more=STEP)
    return True


def may_keep(request: HttpRequest, files: Iterable[File]) -> bool:  # type: ignore[type-arg]
    """Whether these files are taken: not without end from one address, and never the last room of the disk."""
    size = sum(file.size for file in files)
    if not size:
        return True
    folder = Path(settings.MEDIA_ROOT)
    room = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    taken = [(Limit("photos", PHOTOS, HOUR), address(request))]
    return room - size > SPARE and passes(taken, timezone.now(), more=-(-size // 1024))


def no_more_files() -> str:
    """What is said then."""
    return _("We can't take more photos from here at the moment. Send your words without them, or add them later.")
