"""The files of the repository, as the rules of the house look at them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "chenyue"
SKIP = {".git", ".venv", "var", "build", "__pycache__", "node_modules", "htmlcov", "shots"}


@cache
def files() -> list[Path]:
    """Files that belong to the product: those git knows or would add; in an exported tree, all."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        names = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [p for p in ROOT.rglob("*") if not SKIP & set(p.relative_to(ROOT).parts)]
    return sorted(p for p in names if p.is_file())


def with_suffix(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Files with one of these suffixes."""
    return [p for p in files() if p.suffix in suffixes and p.is_relative_to(under)]


def shown(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()
