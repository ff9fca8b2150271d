"""Limits against floods and guessing. Counted in the cache, under a keyed fingerprint: no address is kept."""

from django.core.cache import cache
from django.http import HttpRequest

from chenyue.core import crypto, office

HOUR, DAY = 3600, 86400
GUESSES = 12  # wrong receipt codes or links from one address within QUARTER
QUARTER = 900
LOOKS = 600  # asks for suggestions from one address in an hour


def address(request: HttpRequest) -> str:
    """The network address of the asker, as the server (or its proxy middleware) says."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(kind: str, who: str) -> str:
    return f"limit:{kind}:{crypto.blind_index(who, kind)}"


def count(kind: str, who: str, seconds: int) -> int:
    """Count one more and return how many there were within the window that the first one opened."""
    key = _key(kind, who)
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        cache.set(key, 1, seconds)
        return 1


def counted(kind: str, who: str) -> int:
    """How many there were, without counting."""
    return int(cache.get(_key(kind, who), 0))


def may_tell(request: HttpRequest, phone: str) -> bool:
    """Whether one more appeal is taken from this address and with this telephone number."""
    by_address, by_phone = int(office.get("tell_limit_address")), int(office.get("tell_limit_phone"))
    if by_address and count("tell", address(request), HOUR) > by_address:
        return False
    return not (by_phone and phone and count("tell-phone", phone, DAY) > by_phone)


def may_guess(request: HttpRequest) -> bool:
    """Whether this address may try another code; only wrong ones are counted, see `wrong_guess`."""
    return counted("guess", address(request)) < GUESSES


def wrong_guess(request: HttpRequest) -> None:
    """Count a code that wasn't known."""
    count("guess", address(request), QUARTER)


def may_look(request: HttpRequest) -> bool:
    """Whether this address may ask for another suggestion while typing."""
    return count("look", address(request), HOUR) <= LOOKS
