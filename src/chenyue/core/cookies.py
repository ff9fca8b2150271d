"""Names of our cookies: over HTTPS with the prefix that browsers enforce.

A cookie called `__Host-…` is taken only over HTTPS, from this very host, for all of its paths: neither a page of a
neighbouring host nor somebody in the line can plant one (RFC 6265bis, 4.1.3.2).
"""

from django.conf import settings

PREFIX = "__Host-"


def named(name: str) -> str:
    """What the cookie is called here. Over plain HTTP (the first try on a new machine) browsers refuse the prefix."""
    return f"{PREFIX}{name}" if settings.HTTPS else name
