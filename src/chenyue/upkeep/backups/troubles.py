"""What can go wrong with a backup: a sentence for the person, and what they can do about it."""

from typing import Any, NamedTuple

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence


class Trouble(Exception):
    """A backup can't be made, or not proved. `told` fills the sentence, and holds nothing of anybody."""

    def __init__(self, name: str, **told: str | int) -> None:
        super().__init__(name)
        self.name, self.told = name, told


class Said(NamedTuple):
    """What is wrong, and what to do."""

    wrong: Sentence
    do: Sentence
    costly: bool = True  # much work was done before it showed: it is tried again later only


AGAIN = _("Nothing: it is tried again by itself.")
SENTENCES: dict[str, Said] = {
    "absent": Said(
        _("The backup disk isn't there (%(folder)s)."),
        _("Plug it in. The backup then begins by itself within the hour, or at once by the button."),
        costly=False,
    ),
    "other": Said(
        _("Another disk is plugged in where the backups belong (%(folder)s)."),
        _("Plug in the office's own backup disk, or choose this one below as the new place."),
        costly=False,
    ),
    "readonly": Said(
        _("Nothing can be written to the backup disk (%(folder)s): %(reason)s."),
        _("Look whether the disk is locked by its switch or belongs to somebody else; else take another disk."),
        costly=False,
    ),
    "full": Said(
        _("The backup disk is full: %(needed)s are needed, %(free)s are free."),
        _("Choose fewer backups to keep, or take a larger disk."),
        costly=False,
    ),
    "crowded": Said(
        _("The office's own disk is nearly full: the backup needs %(needed)s there for a while, %(free)s are free."),
        _("Make room on the disk of the office."),
        costly=False,
    ),
    "large": Said(
        _("The backup disk takes no file larger than 4 GB: it is formatted as FAT32."),
        _("Format it as exFAT, and choose it here again."),
    ),
    "torn": Said(
        _("The backup disk failed while it was written to: %(reason)s."),
        _("It was pulled out or is worn out. Plug it in again; if it fails once more, take another."),
    ),
    "changed": Said(
        _("What was written can't be read back as it was (%(where)s)."),
        _("The disk is probably worn out. Take another one."),
    ),
    "unlike": Said(
        _("The office that was brought back differs from the one that was written (%(where)s)."),
        _("Back up once more. If it stays so, ask whoever looks after the machine, and keep the older backups."),
    ),
    "history": Said(
        _("The backup is whole, but the history in it is broken at %(where)s, as it is in the office."),
        _("Ask whoever looks after the machine to run ./manage.py verify_timeline."),
    ),
    "unproved": Said(
        _("The backup is written, but bringing it back could not be tried."),
        _("Ask whoever looks after the machine for the log."),
    ),
    "role": Said(
        _("The backup is written and was read back, but not brought back: the database role may not make a schema."),
        _("Grant it: GRANT CREATE ON DATABASE … TO …, then every backup is proved."),
    ),
    "database": Said(
        _("The database doesn't answer, or refuses (%(reason)s)."), _("Look at the database; then back up again.")
    ),
    "older": Said(
        _("The tables are older than this version of the product."), _("Start the office once; then back up."), False
    ),
    "killed": Said(_("It was broken off: the machine or the office was switched off meanwhile."), AGAIN, False),
    "fault": Said(_("A fault of the product (%(reason)s)."), _("Ask whoever looks after the machine for the log.")),
}
_SIZES = ("needed", "free")


def said(name: str, told: dict[str, Any]) -> tuple[str, str]:
    """The sentence and the advice; a trouble that an older version knew reads as a general one."""
    found = SENTENCES.get(name, SENTENCES["unproved"])
    filled = {key: filesizeformat(value) if key in _SIZES else value for key, value in told.items()}
    try:
        return str(found.wrong) % filled, str(found.do)
    except (KeyError, TypeError, ValueError):
        return now("Something went wrong."), str(found.do)
