"""Files of other projects are those of the list."""

from io import StringIO

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from chenyue.core import vendored


def test_vendored_files_are_as_listed():
    out = StringIO()
    call_command("vendor", "--check", stdout=out)
    assert "as listed" in out.getvalue()
    for entry in vendored.entries():
        assert entry["licence"]
        assert entry["version"]
        assert entry["source"].startswith("https://")


def test_a_changed_missing_or_unlisted_file_is_found(tmp_path, monkeypatch):
    for path in vendored.FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(vendored, "FOLDER", tmp_path)
    (tmp_path / "icons.svg").write_text("<svg/>")
    (tmp_path / "stray.js").write_text("1")
    (tmp_path / "tabler-icons-LICENSE.txt").unlink()
    with pytest.raises(CommandError) as caught:
        call_command("vendor", "--check")
    told = str(caught.value)
    assert "icons.svg is not the file that was vendored" in told
    assert "stray.js is in the folder but not on the list" in told
    assert "tabler-icons-LICENSE.txt is on the list but not in the folder" in told


def test_the_script_that_pages_load_is_shipped_by_its_package():
    assert finders.find("django_htmx/htmx-2.min.js")


def test_a_sprite_is_built_from_single_icons(tmp_path):
    (tmp_path / "a.svg").write_text('<svg><path stroke="none" d="M0 0h24v24H0z" />\n<path\n d="M1 1" />\n</svg>')
    assert vendored.sprite(tmp_path, ["a"]).count("<path") == 1
