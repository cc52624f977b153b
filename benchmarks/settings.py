"""The site's settings with the addresses that only the benchmarks have."""

from kptracker.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
