"""What a server that was killed has left in the memory disk goes at the next start: ours, and only the dead."""

import fcntl
from pathlib import Path

from chenyue.core import metrics


def test_only_ours_and_only_the_dead(tmp_path: Path) -> None:
    for name in ("chenyue-dead", "chenyue-lives", "chenyue-other", "somebody-dead"):
        (tmp_path / name).mkdir()
        if name != "chenyue-other":  # no server of ours: without the file that it would hold
            (tmp_path / name / metrics.HELD).touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / metrics.HELD).touch()
    (tmp_path / "chenyue-link").symlink_to(elsewhere)
    with open(tmp_path / "chenyue-lives" / metrics.HELD) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert metrics.clear_dead(tmp_path) == 1
        assert metrics.clear_dead(tmp_path) == 0
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"chenyue-lives", "chenyue-other", "chenyue-link", "elsewhere", "somebody-dead"}
    assert (elsewhere / metrics.HELD).exists()
