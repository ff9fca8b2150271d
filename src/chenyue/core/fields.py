"""Model fields of the house."""

from typing import Any

from django.db import models

from chenyue.core import crypto


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python. Can't be searched or sorted."""

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else crypto.encrypt(str(value), self._context())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else crypto.decrypt(value, self._context())
