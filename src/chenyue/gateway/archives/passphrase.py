"""Where a passphrase comes from: the keyboard, a file, or the environment; never the command line, which others see."""

import getpass
import os
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import SHORTEST, too_weak

VARIABLE = "CHENYUE_PASSPHRASE"


def ask(file: Path | None, *, new: bool) -> str:
    """The passphrase; a `new` one is asked for twice and must be long enough. Raises Refusal."""
    if file is not None:
        try:
            found = file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(_("The file with the passphrase can't be read: %(error)s") % {"error": error}) from error
    elif VARIABLE in os.environ:
        found = os.environ[VARIABLE]
    elif sys.stdin.isatty():
        found = getpass.getpass(_("Passphrase: "))
        if new and getpass.getpass(_("Once more: ")) != found:
            raise Refusal(_("The two are not the same."))
    else:
        raise Refusal(_("Give the passphrase by --passphrase-file FILE or the variable CHENYUE_PASSPHRASE."))
    if new and too_weak(found):
        sentence = _("The passphrase needs at least %(count)d characters: it alone guards what residents wrote.")
        raise Refusal(sentence % {"count": SHORTEST})
    return found
