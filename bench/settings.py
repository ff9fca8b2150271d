"""The product's own settings; only two bare views stand beside its doors, to compare with."""

from chenyue.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
