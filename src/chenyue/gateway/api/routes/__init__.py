"""The operations, one module for each part of the office."""

from ninja import Router

from chenyue.gateway.api.routes import appeals, cases, moves


def routers() -> list[tuple[str, Router]]:
    """Every router with the beginning of its addresses."""
    return [("", appeals.router), ("", cases.router), ("", moves.router)]
