"""Reading the office after the faults: each effect under its mark, and what is broken by its name."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from chaos import effects
from chenyue.cases.models import Attachment, Case
from helpers import sample_case

pytestmark = pytest.mark.django_db
MARK = "0123456789ab"


def test_an_appeal_and_its_moves_are_found_by_their_marks(cast: Cast) -> None:
    filed = sample_case(cast, words=f"金桂苑1幢楼道的污水管堵了。（{MARK}）")
    found = effects.effects()
    assert found["tell"][MARK] == [filed.appeal.receipt]
    assert found["photo"][MARK] == [], "told without a photo"
    assert found["dispatch"][filed.case.number] == [""]
    assert found["accept"] == {}
    assert list(effects.cases()) == []


def test_what_is_half_done_is_named(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    filed = sample_case(cast)
    path = default_storage.save("attachments/a.jpg", ContentFile(b"half of it"))
    row = Attachment(
        case=filed.case, appeal=filed.appeal, stage="report", file=path, name="a.jpg", content_type="image/jpeg",
        size=20, sha256="0" * 64, token="t", at=filed.case.received_at,
    )  # fmt: skip
    row.save()
    assert "bytes" in next(effects.files())
    default_storage.delete(path)
    assert f"attachment {row.pk}" in next(effects.files())
    Case.objects.update(appeals_count=2)
    assert list(effects.cases()) == [f"case {filed.case.number}: 1 appeals, 2 counted"]
    Case.objects.update(appeals_count=1, state="answered")
    assert list(effects.cases()) == [f"case {filed.case.number}: answered, and nobody is asked"]
