"""What the log holds of requests that were refused."""

import logging


class ShortRefusals(logging.Filter):
    """Takes the traceback from what was only refused: a page that may not be seen, a wrong host.

    Nothing is wrong with the site then, and a line says all there is to know.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: every record is kept."""
        if record.levelno < logging.ERROR or record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        return True
