"""What the catalogue tells others."""

from dataclasses import dataclass
from datetime import datetime

from chenyue.core.actors import Actor


@dataclass(frozen=True)
class CatalogueChanged:
    """A category was saved or switched off, alone or by an import."""

    codes: tuple[str, ...]
    by: Actor
    at: datetime


@dataclass(frozen=True)
class RuleSwitchedOff:
    """A routing rule went off by itself since a unit that it names is gone."""

    rule_id: int
    name: str
    because: str
    by: Actor
    at: datetime
