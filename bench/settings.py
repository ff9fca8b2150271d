"""The product's own settings; only two bare views stand beside its doors, to compare with."""

from chenyue.config.settings import *  # noqa: F403
from chenyue.core import aside

ROOT_URLCONF = "bench.urls"
aside.QUIET = frozenset[int]()  # whatever the hour, it is day: training and the look for small pains don't begin
