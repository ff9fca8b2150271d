"""Tables without domain: counters, revisions of cached data, idempotency keys."""

from django.db import models


class Counter(models.Model):
    """A named counter; see `ids.next_value`."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.BigIntegerField(default=0)


class Revision(models.Model):
    """How often a body of data (gazetteer, catalogue, calendar) has changed; see `snapshots`."""

    name = models.CharField(max_length=40, primary_key=True)
    version = models.BigIntegerField(default=0)


class IdempotencyKey(models.Model):
    """A write that was asked for, by the key its asker chose, and what came of it."""

    scope = models.CharField(max_length=80)  # the door and, where there is one, the person
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, default="")  # of what was sent: a key names one request
    request = models.CharField(max_length=64, default="", db_default="")  # keyed, of the door and who; see `again`
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_result_per_key")]
        indexes = [models.Index(fields=["key"], name="core_key")]


class OfficeSetting(models.Model):
    """One setting of this office, such as its name or the weight of 基本满意; see `office`."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()


class Tally(models.Model):
    """How often something happened within a window of time; see `limits`."""

    name = models.CharField(max_length=100, primary_key=True)  # the kind, and a keyed fingerprint of who
    value = models.IntegerField(default=0)
    most = models.IntegerField(default=0)  # the limit, as it was at the last count
    until = models.DateTimeField(db_index=True)  # the window that the first one opened


class OwnTemplate(models.Model):
    """A Word template of the office's own in place of the one that ships; see `word_templates`."""

    code = models.CharField(max_length=60, primary_key=True)  # such as works.closing
    content = models.BinaryField()
    name = models.CharField(max_length=120)  # of the file as it was uploaded
    at = models.DateTimeField()
