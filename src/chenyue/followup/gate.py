"""The gate before closing: nobody unasked, no refused answer undecided."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chenyue.cases.events import CaseClosing
from chenyue.core.errors import Refusal
from chenyue.followup.models import Callback
from chenyue.followup.models import Refusal as RefusedAnswer


def hold_closing(event: CaseClosing) -> None:
    """Refuse to close while callbacks are open or a refused answer waits. Listens to `CaseClosing`."""
    if RefusedAnswer.objects.filter(case=event.case, state=RefusedAnswer.State.OPEN).exists():
        raise Refusal(_("A resident did not take the answer. Decide about that first: reopen or explain."))
    left = Callback.objects.filter(case=event.case, state=Callback.State.OPEN).count()
    if left:
        raise Refusal(
            ngettext("%(count)s reporter has not been asked yet.", "%(count)s reporters have not been asked yet.", left)
            % {"count": left}
        )
