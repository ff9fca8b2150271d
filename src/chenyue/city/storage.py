"""Stored files of many offices: each in its own folder."""

import os

from django.conf import settings

from chenyue.core.stored import SyncedStorage


class Files(SyncedStorage):
    """The product's, whose folder is asked each time instead of once."""

    @property
    def base_location(self) -> str:
        """The folder of the office whose data is being worked with."""
        return str(settings.MEDIA_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)
