"""The operations, one module for each part of the office."""

from ninja import Router

from chenyue.gateway.api.routes import afterwards, appeals, cases, field, machines, moves, office

MODULES = (appeals, cases, moves, afterwards, office, field, machines)


def routers() -> list[tuple[str, Router]]:
    """Every router with the beginning of its addresses."""
    return [("", module.router) for module in MODULES]
