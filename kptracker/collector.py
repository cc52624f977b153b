"""Python's collector of rubbish, as a process that serves pages needs it."""

import gc

#: So many new objects are made before it looks for rings among them, by default 700: a page
#: makes thousands, nearly all of which go without it.
BEFORE_A_LOOK = 20_000


def calm_collector() -> None:
    """Take what the site consists of for never rubbish, and look through the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(BEFORE_A_LOOK, 10, 10)
