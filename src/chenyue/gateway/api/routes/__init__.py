"""The operations, one module for each part of the office."""

from ninja import Router

from chenyue.gateway.api.routes import (
    afterwards,
    appeals,
    cases,
    doorsteps,
    machines,
    mediation,
    moves,
    office,
    reception,
    roster,
    stewards,
    venues,
    works,
    works_said,
    works_site,
)

# Of two addresses that fit, the first is taken: what is fixed comes before what has blanks.
MODULES = (
    appeals, cases, moves, afterwards, office, venues, roster, reception, doorsteps, stewards, works, works_said,
    works_site, mediation, machines,
)  # fmt: skip


def routers() -> list[tuple[str, Router]]:
    """Every router with the beginning of its addresses."""
    return [("", module.router) for module in MODULES]
