"""Passwords that anybody would try first here: the product's name, the office's, what the place is called."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chenyue.core import office, text

# In any writing; beside them stand the office's own names and their initials, see `words`.
USUAL = ("chenyue", "晨约", "jiedao", "街道", "shequ", "社区", "password", "mima", "密码", "admin", "woaini")
LEFT = 6  # characters that must remain when those words are taken away


def words() -> set[str]:
    """What a password may not be made of, in small letters."""
    names = [str(office.get(name)) for name in ("name", "short_name")]
    initials = text.initials_of(names)
    return {word.lower() for word in (*USUAL, *names, *initials) if len(word) > 1}


class OfficeWords:
    """Refuses a password that is one of those words with a few characters beside it, such as `chenyue2026`."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        rest = password.lower()
        for word in sorted(words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(LEFT, len(password)):
            raise ValidationError(_("This is what people would try first here. Take a sentence of your own."), "usual")

    def get_help_text(self) -> str:
        """What Django shows beside a password field."""
        return _("Not the name of the office or of this product with a number.")
