"""The audit of libraries: what is open fails it, what is accepted ends on its day, silence is no peace."""

import json
from datetime import date

from chaos import audit

SAID = json.dumps({"dependencies": [
    {"name": "django", "version": "5.2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.9"],
    "aliases": ["CVE-1"]}]},
    {"name": "rich", "version": "15.0.0", "vulns": []}, {"name": "odd", "skip_reason": "not there"},
]})  # fmt: skip
DAY = date(2026, 11, 24)
ROW = {"package": "django", "id": "CVE-1", "why": "not reached here", "until": DAY}


def test_an_open_advisory_fails_and_an_accepted_one_until_its_day() -> None:
    asked = audit.of_python(SAID, 5)
    lines, code = audit.told([asked], [], DAY)
    assert code == 1 and lines[0].startswith("OPEN: django 5.2.0: PYSEC-1, CVE-1; mended in 5.2.9")
    assert "odd" in lines[1] and lines[-1] == "2 versions (5 locks): 1 open advisories, 0 accepted"
    assert audit.told([asked], [ROW], DAY)[1] == 0
    assert audit.told([asked], [ROW | {"until": date(2026, 11, 23)}], DAY)[1] == 1


def test_silence_is_said() -> None:
    mirror = json.dumps({"dependencies": [{"name": "odd", "skip_reason": "not there"}], "fixes": []})
    for silent in (mirror, "", "ERROR: could not connect", '{"error": {"code": "ENOAUDIT"}}'):
        lines, code = audit.told([audit.of_python(silent, 5), audit.of_browser(silent, {})], [], DAY)
        assert code == 0 and lines[-1].startswith("NOT CHECKED: 5 locks: ") and "vendored: " in lines[-1]


def test_a_weak_file_of_the_browser_is_told() -> None:
    said = json.dumps({"vulnerabilities": {"leaflet": {"via": [{"url": "https://github.com/advisories/GHSA-1"}]}}})
    lines, code = audit.told([audit.of_browser(said, {"leaflet": "1.9.4"})], [], DAY)
    assert code == 1 and "leaflet 1.9.4" in lines[0]


def test_each_acceptance_says_why_and_until_when() -> None:
    assert all(
        row["why"] and row["id"] and row["package"] and isinstance(row["until"], date) for row in audit.accepted()
    )
