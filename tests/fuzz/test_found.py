"""What long rounds found once: each stays tried."""

import pytest

from cast import Cast
from fuzz.targets import TARGETS
from fuzz.test_fuzz import SECONDS

FOUND = [
    ("place_number", "٣幢"),  # digits of other scripts are digits to \d
    ("place_in_words", "١٢٣号楼"),
    ("suggested", "丹桂花园十二1_٣00号楼门口路灯坏了三天"),
    ("year_table", "\rday,kind,name,source\n2026-10-01,holiday,国庆节,国办发明电〔2025〕1号\n"),
    ("calendar", ("\n\x00金桂苑1幢", "金桂苑\r\n1幢", "陈\n大明")),
    ("cleaned", "\ud800金桂苑3幢2单元501室"),
]


@pytest.mark.skipif(bool(SECONDS), reason="a long round is running")
@pytest.mark.parametrize(("name", "value"), FOUND, ids=[f"{n}-{name}" for n, (name, _value) in enumerate(FOUND)])
def test_it_stays_mended(name: str, value: object, cast: Cast) -> None:
    assert TARGETS[name].once(value) in ("answered", "refused")
