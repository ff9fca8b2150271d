"""Settings of this office that people change on a page, with their defaults."""

from typing import Any

from chenyue.core import snapshots

DEFAULTS: dict[str, Any] = {
    "name": "晨光街道办事处",
    "short_name": "晨光街道",
    "phone": "",
    "address": "",
    "set_up": False,
    "demo": False,
    "basically_satisfied_weight": 1,  # w in (满意 + w·基本满意) ÷ called back: 1 or 0
    "callback_days": 3,  # a callback not made by then is tried again, then counts as tried
    "callback_tries": 3,
    "warn_share": 0.75,  # a clock warns when this share of the promise is used
    "review_return_within": "4wh",
    "urgent_phone_text": "",
    "centre_unit": "centre",  # code of the unit that takes what is nobody else's
    # Accept by, contact by, resolve by, where a category's row doesn't say; emergencies by the wall only.
    "promises": {
        "normal": ["4wh", "1wd", "5wd"],
        "urgent": ["1h", "4h", "24h"],
        "emergency": ["15m", "30m", "8h"],
    },
}


def _load() -> dict[str, Any]:
    from chenyue.core.models import OfficeSetting

    return DEFAULTS | dict(OfficeSetting.objects.values_list("name", "value"))


_settings = snapshots.Snapshot("office", _load)


def get(name: str) -> Any:
    """The value of a setting; KeyError for a name that has no default."""
    return _settings.get()[name]


def put(**values: Any) -> None:
    """Change settings by name; refuses unknown names (KeyError)."""
    from chenyue.core.models import OfficeSetting

    for name, value in values.items():
        if name not in DEFAULTS:
            raise KeyError(name)
        OfficeSetting.objects.update_or_create(name=name, defaults={"value": value})
    snapshots.bump("office")
