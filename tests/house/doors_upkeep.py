"""Rows of the table of doors for backups: only who looks after the machine."""

from house.doors import Door, once, only, posted

UPKEEP: dict[str, Door | list[Door]] = {
    "upkeep:backups": Door(only("admin")),
    "upkeep:backup-folder": posted(only("admin", status=422)),
    "upkeep:backup-rules": posted(only("admin", status=422)),
    "upkeep:backup-begin": posted(only("admin", status=303)),
    "upkeep:backup-sheet": [posted(only("admin", status=303)), posted(only("admin"), data=once)],
    "upkeep:backup-put-away": posted(only("admin", status=303)),
    "upkeep:backup-renew": posted(only("admin", status=303)),
}
