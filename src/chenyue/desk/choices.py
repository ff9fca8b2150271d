"""Option lists for pickers, from the snapshots: no statement for a warm process."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.catalogue.queries import catalogue

Options = list[tuple[Any, Any]]


def categories(empty: bool = True) -> Options:
    """Leaves of the catalogue under their groups; the value is the code."""
    groups = [(group.name, [(leaf.code, leaf.name) for leaf in leaves]) for group, leaves in catalogue().tree()]
    return ([("", _("Choose a category"))] if empty else []) + groups


def units(empty: bool = True) -> Options:
    """Active units that work can be given to; placeholders stand for the unit of a place and are left out."""
    rows = [(unit.id, unit.name) for unit in catalogue().units if unit.active and not unit.placeholder]
    return ([("", _("Choose a unit"))] if empty else []) + rows


def unit_codes() -> Options:
    """Codes of units with the placeholders: what a row of the catalogue may name."""
    rows = [(unit.code, unit.name) for unit in catalogue().units if unit.active]
    return [("", _("Choose a unit")), *rows]


def unit_codes_real() -> Options:
    """Codes of units that work can be given to, for filters."""
    return [(unit.code, unit.name) for unit in catalogue().units if unit.active and not unit.placeholder]
