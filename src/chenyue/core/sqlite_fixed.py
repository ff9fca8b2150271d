"""Puts a fixed SQLite library in place of the system's, before Django imports `sqlite3`.

SQLite 3.7.0–3.51.2 can corrupt a write-ahead log under several writers (fixed in 3.51.3,
backported to 3.50.7 and 3.44.6). `pysqlite3` bundles a fixed library; where no wheel of it
exists the system's library is kept and `is_fixed` tells the backend not to use the log.
"""

import sys

BACKPORTS = {(3, 50): 7, (3, 44): 6}


def install() -> None:
    """Let `import sqlite3` give pysqlite3 from now on, where it can be had."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def is_fixed(version: tuple[int, ...]) -> bool:
    """Whether a library of this version may use the write-ahead log."""
    if version >= (3, 51, 3):
        return True
    patch = BACKPORTS.get((version[0], version[1]))
    return patch is not None and version[2] >= patch
