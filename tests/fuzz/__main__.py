"""`python -m fuzz [SECONDS] [TARGET …]`: minutes of it by hand; `python -m fuzz --doors [SECONDS] [DOOR …]`: forms."""

import os
import sys
from pathlib import Path

import pytest


def main() -> int:
    """Share the seconds among the targets, and show what fails."""
    doors = "--doors" in sys.argv
    seconds, *names = [word for word in sys.argv[1:] if word != "--doors"] or ["60"]
    here, file = Path(__file__).parent, "test_hostile.py" if doors else "test_fuzz.py"
    if doors:
        os.environ |= {"FUZZ_DOORS_SECONDS": seconds, "FUZZ_ONLY": ",".join(names)}
    else:
        os.environ |= {"FUZZ_SECONDS": str(float(seconds) / (len(names) or 40)), "FUZZ_ONLY": ",".join(names)}
    return int(pytest.main([str(here / file), "-q", "-s", "-p", "no:cacheprovider", "--tb=short", "--timeout=0"]))


if __name__ == "__main__":
    raise SystemExit(main())
