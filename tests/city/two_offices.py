"""The two offices of the checks in `inside`."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.test import Client

import cast as players
from chenyue.core.whose import within

A_HOST, B_HOST = "chenguang.test", "fengting.test"


@dataclass(frozen=True)
class Office:
    """One of the two."""

    code: str
    host: str
    name: str

    @property
    def schema(self) -> str:
        return f"office_{self.code}"

    def inside(self) -> AbstractContextManager[None]:
        """Work with its data."""
        return within(self.schema)

    def cast(self) -> players.Cast:
        with self.inside():
            return players.Cast()

    def client(self, who: str = "") -> Client:
        """A browser at its address, in which this member of its own has signed in."""
        with self.inside():
            found = players.client_of(getattr(players.Cast(), who) if who else None)
        return at(found, self)


def at(client: Client, office: Office) -> Client:
    """The same browser, with all its cookies, at the address of this office."""
    client.defaults["HTTP_HOST"] = office.host
    return client


A, B = Office("chenguang", A_HOST, "晨光街道办事处"), Office("fengting", B_HOST, "枫亭街道办事处")
