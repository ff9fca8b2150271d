"""Who is let in at doors of a mediation: who sees it, who works on it, who is invited; nobody else."""

from typing import Any

from house.doors import REFUSED, TO_SIGN_IN, WHO, Status

SEE = ("wang", "li", "zhao")  # who mediates, and who runs mediation
MANAGE = ("li", "zhao")
HANDLE = SEE
SEALED = ("wang",)  # who mediates, alone
INVITED = (*SEE, "lin")  # lin's unit is invited


def mediation(*names: str, status: Status = 200) -> dict[str, Status]:
    """Those named get `status`, other members are refused, and who hasn't signed in is sent to sign in."""
    return dict.fromkeys(WHO, REFUSED) | {"anonymous": TO_SIGN_IN} | dict.fromkeys(names, status)


def one(world: Any) -> dict[str, Any]:
    """The mediation's number, as its URLs take it."""
    return {"number": world.mediated.number}


def of(name: str, attribute: str = "pk", key: str = "pk", **more: Any) -> Any:
    """The thing of this name on the stage of doors, as a URL takes it."""
    return lambda world: one(world) | {key: getattr(getattr(world.mediated, name), attribute)} | more
