"""Rows of the table of doors for the figures: who sees the whole office, and who only their own unit."""

from house.doors import Door, only

SEE = ("li", "lin", "zhao", "sun", "audit")  # a head of a unit sees the unit's

INSIGHT: dict[str, Door | list[Door]] = {
    "insight:figures": Door(only(*SEE)),
    "insight:compared": [
        Door(only("li", "zhao", "audit") | {"lin": 404, "sun": 404}, {"code": "on_time", "axis": "community"}),
        Door(only(*SEE), {"code": "on_time", "axis": "lead"}),
        Door(only(*SEE, status=404), {"code": "nothing", "axis": "lead"}),
    ],
    "insight:backlog": [
        Door(only("li", "zhao", "audit") | {"lin": 404, "sun": 404}, {"axis": "all"}),
        Door(only(*SEE), {"axis": "lead"}),
        Door(only(*SEE, status=404), {"axis": "nothing"}),
    ],
    "insight:workload": Door(only(*SEE)),
}
