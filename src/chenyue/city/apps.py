"""The package as a Django application; in `INSTALLED_APPS` only where one installation serves many offices."""

import os

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

REGISTER = ("city.Office", "city.Host", "city.HandOver", "city.MonthCount")


class City(AppConfig):
    """Registration of `chenyue.city`."""

    name = "chenyue.city"
    label = "city"

    def ready(self) -> None:
        from chenyue.city import apart, entering, register, ticks, verbs  # noqa: F401
        from chenyue.core import chrome, server
        from chenyue.core.whose import settle
        from chenyue.gateway.archives import left_out

        apart.install()
        left_out.LEFT_OUT.update(dict.fromkeys(REGISTER, "of the city, not of this office"))
        if code := os.environ.get(register.OFFICE):
            settle(register.schema_of(code))
        server.on_entering(entering.enter)
        chrome.door("staff", "city", _("Other offices"), "city:hand-overs", icon="building", order=95, menu=True,
                    word="case.dispatch")  # fmt: skip
        chrome.door("staff", "city-counts", _("The whole city"), "city:counts", icon="chart-bar", order=96, menu=True,
                    word="insight.see", when=_here_is_the_city)  # fmt: skip


def _here_is_the_city() -> bool:
    from chenyue.city import register

    here = register.mine()
    return here is not None and here.is_city
