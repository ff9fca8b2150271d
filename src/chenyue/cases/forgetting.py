"""What is forgotten with a resident whose data is deleted. Connected in `chenyue.wiring`."""

from chenyue.cases.models import Appeal
from chenyue.people.events import ResidentErased


def on_erased(event: ResidentErased) -> None:
    """The addresses given with their appeals go; the words stay, as what was handled."""
    Appeal.objects.filter(reporter=event.resident).update(email="")
