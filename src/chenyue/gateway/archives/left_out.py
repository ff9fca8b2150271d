"""What an archive doesn't hold, and why. All other models are taken along, those of new packages too."""

from typing import Any

from django.conf import settings
from django.db import models

from chenyue.gateway import moving

LEFT_OUT = {
    "auth.Permission": "made by the migrations; the product's permissions are words in roles",
    "auth.Group": "not used: roles are people.Role",
    "auth.Group_permissions": "not used: roles are people.Role",
    "contenttypes.ContentType": "made by the migrations, with numbers of each database's own",
    "sessions.Session": "signed with keys of this installation: everybody signs in again",
    "people.PhoneCode": "codes of the last minutes, bound to keys of this installation",
    "people.ResidentSession": "bound to keys of this installation: residents sign in again",
    "axes.AccessFailureLog": "locks after wrong passwords, of addresses at this machine",
    "axes.AccessAttempt": "locks after wrong passwords, of addresses at this machine",
    "axes.AccessAttemptExpiration": "locks after wrong passwords, of addresses at this machine",
    "axes.AccessLog": "locks after wrong passwords, of addresses at this machine",
    "django_q.Task": "what this machine's job worker has done",
    "django_q.Schedule": "not used: ticks run by themselves",
    "django_q.OrmQ": "jobs that wait for this machine's worker: let it finish before the archive is made",
    "upkeep.BackupRun": "what became of backups of this machine",
    "core.Revision": "a cache's version, of this installation's processes",
    "core.Tally": "counts of the last hours against floods, by prints with this installation's key",
}
# Folders of the data folder that an archive holds, and what else lies there.
FOLDERS = ("files", "hotline", "papers", "exports")
LEFT_BEHIND = {
    "chenyue.sqlite3": "its rows are in the archive",
    "secrets.json": "the keys of this installation; what they encrypt is in the archive under the passphrase",
    "static": "made anew at each start",
    "wecom": "pictures between their message and their appeal, for two days: they are fetched again, or said as lost",
    "drafts": "tables between their dry run and their writing, kept for an hour",
    "set-up-code": "opens the set-up of an office without members",
    "unpacking.lock": "a lock",
    "backups": "backups, until another disk is chosen for them",
    "backup-code": "a copy of the recovery code; the archive has it among the settings",
    "backup.lock": "a lock",
    "backing-up": "what a backup is being made of, and brought back into",
    "restoring": "what a restore that was broken off had written",
    "restoring.lock": "a lock",
    "arriving": "what an import that was broken off had written",
    "arriving.lock": "a lock",
}


def label(model: type[models.Model]) -> str:
    """What a model is called here: package and class."""
    return str(model._meta.label)


def taken() -> list[type[models.Model]]:
    """All models whose rows an archive holds, in the order in which it holds them."""
    return sorted((m for m in moving.tables() if label(m) not in LEFT_OUT), key=lambda m: str(m._meta.db_table))


def pulled_along() -> list[str]:
    """Columns of rows that are taken which point to rows that aren't: what they say would be lost."""
    pointing = [(model, field) for model in taken() for field in model._meta.concrete_fields if field.is_relation]
    found: list[tuple[str, Any]] = [(f"{label(model)}.{field.name}", field.related_model) for model, field in pointing]
    return [f"{name} → {label(there)}" for name, there in found if label(there) in LEFT_OUT]


def strange() -> list[str]:
    """Names in the data folder that nobody has thought of: they are told, and stay behind."""
    known: set[str] = {*FOLDERS, *LEFT_BEHIND}
    found: list[Any] = sorted(settings.HOME.iterdir())
    return [path.name for path in found if path.name not in known and not path.name.startswith("chenyue.sqlite3")]
