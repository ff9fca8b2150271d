"""Names of machines as they are typed on settings pages."""

from typing import Any

from chenyue.core import calling


def host(typed: Any) -> str:
    """The name of a machine (or name:port) that may be called. Refusal otherwise."""
    name = str(typed).strip().lower()
    if name:
        calling.checked(calling.base(name))
    return name
