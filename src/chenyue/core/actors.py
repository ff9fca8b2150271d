"""Who does something: a member of staff, a resident by a link or form, or the system itself."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["member", "resident", "system"]


@dataclass(frozen=True)
class Actor:
    """`key` identifies within its kind (a member's id, an appeal's number); `label` is shown."""

    kind: Kind
    key: str = ""
    label: str = ""
    user: Any = field(default=None, compare=False, repr=False)  # the Member behind it, if any


SYSTEM = Actor("system", "system", "")
