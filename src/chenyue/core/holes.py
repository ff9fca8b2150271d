"""Before processes are forked: what is free in between is taken, so that the children don't write there.

A child shares a page with its parent until one of them writes to it; then it gets a page of its own. What was loaded
leaves a hundred thousand small holes between what stays, on pages that are full otherwise, and both allocators fill
holes first: the tables' descriptions of one database connection, 1.4 MB, were written into holes of 7 MB of pages that
had been shared until then. Taken beforehand, and never given back, the holes cost nothing (their pages stay in memory
as it is), and what a child needs goes to fresh pages, one beside the other: 14 MB less in each of six processes.
"""

import ctypes
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

PAGE = 4096  # bytes; of larger holes whole pages are free, and given back already
_BIN = re.compile(rb'<size from="(\d+)" to="(\d+)" total="\d+" count="(\d+)"/>')
_POOL = re.compile(rb"^ *\d+ +(\d+) +\d+ +\d+ +(\d+)$", re.MULTILINE)


def fill() -> int:
    """Take all small holes for good; how many. 0 on systems whose allocator doesn't tell of them."""
    libc = ctypes.CDLL(None)
    if not (hasattr(libc, "malloc_info") and hasattr(sys, "_debugmallocstats")):
        return 0
    return _take(_taker(ctypes.pythonapi.PyObject_Malloc), _of_python()) + _take(_taker(libc.malloc), _of_libc(libc))


def _taker(function: "ctypes._NamedFuncPointer") -> Callable[[int], object]:
    function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    return function


def _take(take: Callable[[int], object], holes: Iterable[tuple[int, int]]) -> int:
    """Take so many holes of each size, in bytes."""
    taken = 0
    for size, count in holes:
        deque(map(take, repeat(size, count)), maxlen=0)
        taken += count
    return taken


def _of_python() -> Iterator[tuple[int, int]]:
    """Free blocks of Python's own allocator by their size, from its statistics; it writes them on standard error."""
    with open(os.memfd_create("pools"), "r+b", buffering=0) as told:
        shown = os.dup(2)
        try:
            os.dup2(told.fileno(), 2)
            sys._debugmallocstats()
        finally:
            os.dup2(shown, 2)
            os.close(shown)
        told.seek(0)
        for size, free in _POOL.findall(told.read()):
            yield int(size), int(free)


def _of_libc(libc: ctypes.CDLL) -> Iterator[tuple[int, int]]:
    """Free chunks of the C library's allocator below a page, by what each holds."""
    libc.fdopen.restype = ctypes.c_void_p
    told = os.memfd_create("bins")
    with open(os.dup(told), "rb") as read:
        stream = ctypes.c_void_p(libc.fdopen(told, b"w"))
        libc.malloc_info(0, stream)
        libc.fclose(stream)
        read.seek(0)
        found = _BIN.findall(read.read())
    for least, most, count in found:
        if int(most) <= PAGE:
            yield int(least) // 16 * 16 - 8, int(count)  # 8 bytes of a chunk are its own
