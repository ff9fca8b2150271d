"""`python -m fuzz [SECONDS] [TARGET …]`: minutes of it, by hand."""

import os
import sys
from pathlib import Path

import pytest


def main() -> int:
    """Share the seconds among the targets, and show what fails."""
    seconds, *names = sys.argv[1:] or ["60"]
    share = float(seconds) / (len(names) or 40)
    os.environ |= {"FUZZ_SECONDS": str(share), "FUZZ_ONLY": ",".join(names)}
    here = Path(__file__).parent
    return int(pytest.main([str(here / "test_fuzz.py"), "-q", "-s", "-p", "no:cacheprovider", "--tb=short"]))


if __name__ == "__main__":
    raise SystemExit(main())
