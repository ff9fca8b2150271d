"""What is an office's own beside its tables: its folder with its files, and its secrets.

All code asks `settings.HOME`, `settings.SECRET_KEY` and the like. Where there are many offices, these answer for the
one whose data is being worked with: `HOME/offices/<schema>`, with a `secrets.json` of its own. So whatever one office
has signed (sessions, links, cookies, keys of streams) or encrypted means nothing in another.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from chenyue.core import secrets
from chenyue.core.whose import whose

FOLDER = "offices"


def cache_key(key: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: what one office keeps in memory is not found by another."""
    return f"{whose()}:{prefix}:{version}:{key}"


def _home(of: Any) -> Path:
    base = Path(of.HOME)
    return base / FOLDER / whose() if whose() else base


def _secrets(of: Any) -> secrets.Secrets:
    if not whose():
        found: secrets.Secrets = of.SECRETS
        return found
    return _read(_home(of))


@cache
def _read(folder: Path) -> secrets.Secrets:
    """The secrets of an office; never made by the way: what is encrypted would be lost under new ones."""
    if not (folder / "secrets.json").exists():
        raise ImproperlyConfigured(f"the secrets of {folder.name} are not in the data folder of this machine")
    return secrets.load(folder)


OWN: dict[str, Callable[[Any], Any]] = {
    "HOME": _home,
    "SECRETS": _secrets,
    "SECRET_KEY": lambda of: _secrets(of)["secret_key"],
    "MEDIA_ROOT": lambda of: _home(of) / "files",
}


def install() -> None:
    """Let Django's settings answer for the office from now on."""
    for name, find in OWN.items():
        setattr(LazySettings, name, property(_asking(find)))


def _asking(find: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def ask(settings: Any) -> Any:
        if not settings.configured:
            settings._setup()
        return find(settings._wrapped)

    return ask
