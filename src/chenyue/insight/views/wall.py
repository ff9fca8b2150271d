"""A board on a wall: opened by its code alone, refreshed by the page itself, without a word of anybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chenyue.core.acting import now
from chenyue.core.http import page_or_part, personal
from chenyue.insight import boards, screens
from chenyue.insight.boards import Board

LONG = 6


@require_GET
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """The board of a screen; its part for the page's own refreshing; as tables for who can't read pictures."""
    at = now()
    screen, whose = screens.opened_by(code, at)
    tables, minute = request.GET.get("as") == "tables", int(at.timestamp() // 60)
    found = boards.board(whose, at, wall=True, sheet=None if tables else minute)
    context: dict[str, Any] = {"screen": screen, "board": found, "tables": tables, "asides": asides(found, minute)}
    return personal(page_or_part(request, "insight/boards/wall.html", "board", context))


def asides(board: Board, minute: int) -> list[str]:
    """Which of the smaller pictures are shown in this minute: they take turns, a wall has no room for all.

    Two at a time; a long list stands alone.
    """
    more = board.more or {}
    plots = [name for name in ("flow", "groups", "channels") if (plot := getattr(board, name)) and plot.picture]
    wide = [name for name in plots if name != "flow" and len(getattr(board, name).rows) > LONG]
    names = [name for name in plots if name not in wide]
    names += [name for name in ("works", "spots", "sittings", "credits") if more.get(name)]
    turns = [names[n : n + 2] for n in range(0, len(names), 2)] + [[name] for name in wide]
    return turns[minute % len(turns)] if turns else []
