"""Which schema a statement is asked in: that of the office whose data is being worked with, and no other.

django-tenants lets anybody set the schema of a connection, and the next one finds it as it was left. Here nothing is
set: the schema follows `whose`, which goes with the request, so that a thread taken from a pool, a piece of a long
answer or a worker's next turn can't be left in another office. The public schema is not searched from within an
office: a table that an office lacks is missing, and is never the register's or another's.
"""

from typing import Any

from django_tenants.postgresql_backend import base

from chenyue.core.whose import whose

PUBLIC = "public"


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """A connection of all offices in turn."""

    include_public_schema = False
    search_path_set_schemas: Any  # as the server was told last
    _made: bool = False  # whether the connection was made

    @property
    def schema_name(self) -> str:
        """The schema of whoever is being worked for."""
        return whose() or PUBLIC

    @schema_name.setter
    def schema_name(self, name: str | None) -> None:
        """Nothing sets it; django-tenants does so when a connection is made."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Refuse what would have no effect; a connection that is being made is for anybody."""
        if self._made and tenant.schema_name != self.schema_name:
            raise RuntimeError("the schema follows chenyue.core.whose; use `within`")
        self.tenant = tenant
        self.search_path_set_schemas = None
        self._made = True

    def _cursor(self, name: str | None = None) -> Any:
        """Ask in the right schema; telling the server costs a statement only where it changes."""
        if self.search_path_set_schemas and self.search_path_set_schemas[0] != self.schema_name:
            self.search_path_set_schemas = None
        return super()._cursor(name)
