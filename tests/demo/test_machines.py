"""Programs of the demo office: offered and taken by the real doors, with nothing that could be called."""

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.demo import machines
from chenyue.demo.office import Office
from chenyue.gateway.models_machines import CalendarLink, MachineToken, Webhook

pytestmark = pytest.mark.django_db


def test_the_programs_of_the_demo_office(cast: Cast) -> None:
    here = Office(members={"qian": cast.admin, "li": cast.li, "zhao": cast.zhao, "lin": cast.lin})
    machines.offered(here, timezone.now())
    taken, waiting = MachineToken.objects.order_by("pk")
    assert taken.digest and waiting.digest is None and waiting.read_only
    assert Webhook.objects.get().taken_at is None and CalendarLink.objects.get().member == cast.lin
