"""What the press says no to."""


class Refused(Exception):
    """The template is at fault: a code that `core.papers` has a sentence for, and what it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code = code
        self.about = about[:200]
