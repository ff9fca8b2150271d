"""Refusals: what a person asked for and can't have, said in a sentence they understand."""

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class Refusal(Exception):
    """A rule says no. `sentence` is shown as it is; `field` names the form field it belongs to."""

    status = 422

    def __init__(self, sentence: Sentence, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field
        self.code = code


class NotAllowed(Refusal):
    """This person may not do this. Never says more than that."""

    status = 403

    def __init__(self, sentence: Sentence = _("You may not do this.")) -> None:
        super().__init__(sentence, code="not_allowed")


class Conflict(Refusal):
    """Somebody else was first: what was typed is kept, the newer state is shown."""

    status = 409

    def __init__(
        self, sentence: Sentence = _("Someone else changed this meanwhile. Look at the newer state and try again.")
    ) -> None:
        super().__init__(sentence, code="conflict")


class NotFound(Refusal, Http404):
    """There is no such thing for this person: the same answer whether it exists or not."""

    status = 404

    def __init__(self, sentence: Sentence = _("This does not exist, or it is not for you.")) -> None:
        super().__init__(sentence, code="not_found")
