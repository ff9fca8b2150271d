"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language

from chenyue.core import chrome, look, office

IN_BAR = 8  # doors that fit beside each other at 1280 pixels


class Frame:
    """The frame of a page; each part is computed when a template asks for it, so that unused parts cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.text_size = look.chosen(request, look.TEXT_COOKIE, look.TEXT_SIZES)
        self.theme = look.chosen(request, look.THEME_COOKIE, look.THEMES)

    @property
    def language(self) -> str:
        """As HTML names it: zh-Hans, zh-Hant, en."""
        code = get_language() or settings.LANGUAGE_CODE
        return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(code, code)

    @cached_property  # the bar shows one part of it, the account menu the other
    def staff_nav(self) -> list[chrome.Shown]:
        return chrome.navigation(self._request, "staff")

    @cached_property
    def staff_bar(self) -> tuple[list[chrome.Shown], list[chrome.Shown]]:
        """The doors that stand in the bar, and those behind “more”: a bar of fourteen is read by nobody."""
        doors = [door for door in self.staff_nav if not door.menu]
        most = len(doors) if len(doors) <= IN_BAR + 1 else IN_BAR
        return doors[:most], doors[most:]

    @property
    def resident_nav(self) -> list[chrome.Shown]:
        return chrome.navigation(self._request, "resident")

    @cached_property  # templates ask twice: whether, and how many
    def unread(self) -> int:
        return chrome.unread(self._request)

    @property
    def demo(self) -> bool:
        return settings.DEMO


def page(request: HttpRequest) -> dict[str, Any]:
    """`office_name`, `office_short_name`, `office_phone` (read when used) and `frame`."""
    return {
        "frame": Frame(request),
        "office_name": SimpleLazyObject(lambda: office.get("name")),
        "office_short_name": SimpleLazyObject(lambda: office.get("short_name")),
        "office_phone": SimpleLazyObject(lambda: office.get("phone")),
        "office_address": SimpleLazyObject(lambda: office.get("address")),
    }
