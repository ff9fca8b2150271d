"""The register of homes: read from a table, owners found to be one or two by a person, changed by hand."""

from chenyue.works.register.changing import (
    decide_pair,
    new_code,
    open_dispute,
    retire_home,
    reveal_owners,
    save_home,
    set_owners,
    settle_dispute,
)
from chenyue.works.register.importing import RegisterReport, import_register
from chenyue.works.register.rows import COLUMNS, OwnerTold
from chenyue.works.register.sheets import template
from chenyue.works.register.summing import Summary, summary

__all__ = [
    "COLUMNS",
    "OwnerTold",
    "RegisterReport",
    "Summary",
    "decide_pair",
    "import_register",
    "new_code",
    "open_dispute",
    "retire_home",
    "reveal_owners",
    "save_home",
    "set_owners",
    "settle_dispute",
    "summary",
    "template",
]
