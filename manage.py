#!/usr/bin/env python3
"""The command line of Chenyue. Finds the project's own interpreter and settings by itself."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    own = HERE / ".venv" / "bin" / "python"
    inside = Path(sys.prefix).resolve() == (HERE / ".venv").resolve()
    if own.exists() and not inside and not os.environ.get("CHENYUE_ANY_PYTHON"):
        os.execv(own, [str(own), *sys.argv])
    sys.path.insert(0, str(HERE / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chenyue.config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django isn't installed here. Run `make setup` first. 还没有安装依赖，请先运行 make setup。")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
