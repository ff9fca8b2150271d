"""How much one address or telephone number may ask of the residents' pages."""

from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import crypto, office
from chenyue.core.limits import Limit, note, passes, reached

HOUR = timedelta(hours=1)
GUESSES = 12
GUESS = Limit("guess", GUESSES, timedelta(minutes=15))  # wrong receipt codes or links from one address
LOOKS = 600  # asks for suggestions from one address in an hour, in this process: too many to write each down


def address(request: HttpRequest) -> str:
    """The network address of the asker, as the server (or its proxy middleware) says."""
    return str(request.META.get("REMOTE_ADDR", ""))


def may_tell(request: HttpRequest, phone: str) -> bool:
    """Whether one more appeal is taken from this address and with this telephone number. One statement."""
    by_address = Limit("tell", int(office.get("tell_limit_address")), HOUR)
    by_phone = Limit("tell-phone", int(office.get("tell_limit_phone")), timedelta(days=1))
    return passes([(by_address, address(request)), (by_phone, phone)], timezone.now())


def may_guess(request: HttpRequest) -> bool:
    """Whether this address may try another code; only wrong ones are counted, see `wrong_guess`. No statement."""
    return not reached(GUESS, address(request), timezone.now())


def wrong_guess(request: HttpRequest) -> None:
    """Count a code that wasn't known."""
    note(GUESS, address(request), timezone.now())


def may_look(request: HttpRequest) -> bool:
    """Whether this address may ask for another suggestion while typing."""
    key = f"limit:look:{crypto.blind_index(address(request), 'look')}"
    if cache.add(key, 1, int(HOUR.total_seconds())):
        return True
    try:
        return int(cache.incr(key)) <= LOOKS
    except ValueError:  # it ran out in between
        return True
