"""The catalogue as plain values: what routing and triage read, without the database."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """A unit that work can be given to. A placeholder stands for the unit of the place."""

    id: int
    code: str
    name: str
    kind: str
    placeholder: bool
    active: bool
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """A kind of matter. Spans are texts such as `4wh`; see `workdays.spans`."""

    id: int
    code: str
    name: str
    parent_code: str
    level: int
    handling: str
    lead_code: str
    assist_codes: tuple[str, ...]
    urgency: str
    accept_by: str
    contact_by: str
    resolve_by: str
    route_away: str
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    hard_stop: str
    private: bool
    public: bool
    active: bool
    version: int

    @property
    def leaf(self) -> bool:
        """Only leaves have a leading unit; the others group them."""
        return bool(self.lead_code)


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """An exception to the catalogue's row; empty values match anything, or change nothing."""

    id: int
    name: str
    category_id: int | None
    category_code: str
    place_id: int | None
    place_kind: str
    urgency: str
    lead_code: str
    assist_codes: tuple[str, ...]
    handling: str
    accept_by: str
    contact_by: str
    resolve_by: str


@dataclass(frozen=True)
class Catalogue:
    """Categories, units and rules as of one version."""

    version: str
    categories: tuple[CategoryInfo, ...]  # in order of code, inactive ones too
    units: tuple[UnitInfo, ...]
    rules: tuple[RuleInfo, ...]  # active ones, in order
    committee_of: dict[int, int]  # community place → unit
    firm_of: dict[int, int]  # estate place → unit
    by_code: dict[str, CategoryInfo] = field(repr=False, default_factory=dict)
    by_id: dict[int, CategoryInfo] = field(repr=False, default_factory=dict)
    unit_by_code: dict[str, UnitInfo] = field(repr=False, default_factory=dict)
    unit_by_id: dict[int, UnitInfo] = field(repr=False, default_factory=dict)

    def leaves(self) -> list[CategoryInfo]:
        """Categories that may be chosen: active, with a leading unit, under an active parent."""
        closed = {c.code for c in self.categories if not c.active}
        return [c for c in self.categories if c.active and c.leaf and c.parent_code not in closed]

    def tree(self) -> list[tuple[CategoryInfo, list[CategoryInfo]]]:
        """Groups with their leaves that may be chosen, for pickers; empty groups are left out."""
        open_leaves = self.leaves()
        grouped = [(g, [c for c in open_leaves if c.parent_code == g.code]) for g in self.categories if not g.leaf]
        loose = [(c, [c]) for c in open_leaves if not c.parent_code]
        return [(g, found) for g, found in grouped if found and g.active] + loose


def build(
    version: str,
    categories: list[CategoryInfo],
    units: list[UnitInfo],
    rules: list[RuleInfo],
    committee_of: dict[int, int],
    firm_of: dict[int, int],
) -> Catalogue:
    """A catalogue with its look-up tables."""
    return Catalogue(
        version=version,
        categories=tuple(sorted(categories, key=lambda c: c.code)),
        units=tuple(units),
        rules=tuple(rules),
        committee_of=committee_of,
        firm_of=firm_of,
        by_code={c.code: c for c in categories},
        by_id={c.id: c for c in categories},
        unit_by_code={u.code: u for u in units},
        unit_by_id={u.id: u for u in units},
    )
