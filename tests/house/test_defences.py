"""The table of defences is in step with the house: every line that would be taken away is there, every test exists."""

from pathlib import Path

import pytest
from chaos.defences import MARK, PAGE, RESULTS, ROOT, Defence, defences, page


@pytest.mark.parametrize("one", defences(), ids=lambda one: one.attack[:40])
def test_what_would_be_taken_away_is_there(one: Defence) -> None:
    assert one.fits(), f"{one.file} has changed: mend chaos/defences.toml and run `python -m chaos.defences` for it"
    assert one.take != one.put
    for name in one.test:
        path, _colons, test = name.partition("::")
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8") if test else (ROOT / path).exists(), name


def test_the_page_shows_what_was_found_and_every_defence_was_missed() -> None:
    import json

    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == page(kept)
    assert MARK in PAGE.read_text(encoding="utf-8")
    assert not [one.attack for one in defences() if not kept.get(one.attack)]


def test_taking_away_changes_only_the_copy(tmp_path: Path) -> None:
    one = defences()[0]
    copied = tmp_path / one.file
    copied.parent.mkdir(parents=True)
    copied.write_text((ROOT / one.file).read_text())
    one.remove(tmp_path)
    assert copied.read_text() != (ROOT / one.file).read_text()
    assert one.fits()
