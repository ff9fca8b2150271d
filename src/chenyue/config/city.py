"""Settings of an installation that serves many offices: what differs from one that serves one. See docs/city.md."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

CITY_APPS = ("chenyue.city", "django_tenants")


def settings(of: dict[str, Any]) -> dict[str, Any]:
    """What takes the place of the settings `of` one office. Raises ImproperlyConfigured where it can't."""
    database = of["DATABASES"]["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("Many offices need PostgreSQL: CHENYUE_CITY=1 asks for a DATABASE_URL.")
    if of["DEMO"]:
        raise ImproperlyConfigured("A demo has one office: leave out CHENYUE_DEMO or CHENYUE_CITY.")
    before = of["MIDDLEWARE"].index("chenyue.core.middleware.RequestIds")
    files = of["STORAGES"] | {"default": {"BACKEND": "chenyue.city.storage.Files"}}
    workers = max(1, int(os.environ.get("CHENYUE_JOB_WORKERS") or 2))
    return {
        # Its commands come before those of the same name: `serve` and `work` are for all offices.
        "INSTALLED_APPS": [CITY_APPS[0], *of["INSTALLED_APPS"], CITY_APPS[1]],
        "SHARED_APPS": list(CITY_APPS),
        "TENANT_APPS": list(of["INSTALLED_APPS"]),
        "TENANT_MODEL": "city.Office",
        "TENANT_DOMAIN_MODEL": "city.Host",
        "TENANT_LIMIT_SET_CALLS": True,  # the engine says the schema to the server where it changes
        "DATABASES": {"default": database | {"ENGINE": "chenyue.city.db"}},
        "DATABASE_ROUTERS": ["django_tenants.routers.TenantSyncRouter"],
        "MIDDLEWARE": [
            *of["MIDDLEWARE"][:before],
            "chenyue.city.middleware.WhoseOffice",
            *of["MIDDLEWARE"][before:],
        ],
        "ROOT_URLCONF": "chenyue.config.city_urls",
        "STORAGES": files,
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "KEY_FUNCTION": "chenyue.city.apart.cache_key",
            }
        },
        "Q_CLUSTER": of["Q_CLUSTER"]
        | {"broker_class": "chenyue.city.jobs.Offices", "scheduler": False, "workers": workers},
    }
