"""The way from an address to its view, and back, without asking every door there is.

The product has six hundred addresses. Django compares a request with one after the other, which took longer than a
resident's page takes to be written. Here, whoever begins otherwise isn't asked. What is found, and in which order,
stays the same: `tests/core/test_addresses.py` compares it with Django's own way.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_script_prefix, get_urlconf, reverse
from django.urls.resolvers import ResolverMatch, RoutePattern

Doors = URLPattern | URLResolver


class Shortened(URLResolver):
    """A resolver that looks only at what begins like the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doors = [shortened(door) for door in self.url_patterns]
        self._beginnings = [beginnings(door) for door in self._doors]
        # By which doors begin like the address: the beginnings are few, and so are the answers to this.
        self._few: dict[tuple[int, ...], URLResolver] = {}

    def resolve(self, path: str) -> ResolverMatch:
        """As Django's. Raises Resolver404 where nothing fits."""
        path = str(path)
        own = str(self.pattern)
        rest = path[len(own) :] if path.startswith(own) else ""
        fit = tuple([at for at, begins in enumerate(self._beginnings) if rest.startswith(begins)])
        few = self._few.get(fit)
        if few is None:
            doors = [self._doors[at] for at in fit]
            few = URLResolver(self.pattern, doors, self.default_kwargs, self.app_name, self.namespace)
            self._few[fit] = few
        return few.resolve(path)


def shortened(door: Doors) -> Doors:
    """The same door; if it leads to others, a way that is shorter."""
    if type(door) is not URLResolver or not _whole(door.pattern):
        return door
    return Shortened(door.pattern, door.urlconf_name, door.default_kwargs, door.app_name, door.namespace)


def all_shortened(doors: Iterable[Doors]) -> list[Doors]:
    """All doors of an installation, as `urlpatterns` holds them."""
    return [Shortened(RoutePattern("", is_endpoint=False), list(doors))]


def beginnings(door: Doors) -> tuple[str, ...]:
    """How the addresses begin that a door may answer; "" where that can't be said."""
    own = _literal(door.pattern)
    if isinstance(door, Shortened):
        return tuple({own + inner for inners in door._beginnings for inner in inners})
    return (own,)


def _literal(pattern: Any) -> str:
    """The beginning of a pattern that is the same for all addresses; "" for one that isn't a plain route."""
    return str(pattern).split("<", 1)[0] if isinstance(pattern, RoutePattern) else ""


def _whole(pattern: Any) -> bool:
    """Whether a pattern holds nothing but its beginning."""
    return isinstance(pattern, RoutePattern) and str(pattern) == _literal(pattern)


def address(name: str) -> str | None:
    """The address of a door without arguments, worked out once; None if there is none of this name."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=512)
def _address(name: str, urlconf: str, prefix: str) -> str | None:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return None
