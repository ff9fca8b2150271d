"""The product's own settings; staff stay signed in though the clock jumps."""

from chenyue.config.settings import *  # noqa: F403

IDLE_MINUTES = 7 * 24 * 60
SESSION_COOKIE_AGE = 14 * 24 * 3600
