"""The package as a Django application."""

from django.apps import AppConfig


class Portal(AppConfig):
    """Registration of `chenyue.portal`."""

    name = "chenyue.portal"
    label = "portal"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chenyue.core import chrome
        from chenyue.portal import clock  # noqa: F401

        chrome.door("resident", "tell", _("Tell us"), "portal:tell", icon="message-circle", order=10)
        chrome.door("resident", "follow", _("Progress"), "portal:follow", icon="search", order=20)
