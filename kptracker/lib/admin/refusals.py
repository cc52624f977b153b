"""What an action refuses, on its way back to the form whose content it was."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from ..writing import EvidenceError


class RefusedError(Exception):
    """An action refused what a form holds; ``prefix`` names the form, '' the main one."""

    def __init__(self, prefix: str, error: ValidationError) -> None:
        self.prefix = prefix
        self.error = error
        super().__init__(prefix)


@contextmanager
def refused_by(prefix: str) -> Iterator[None]:
    """Say which form it was whose content an action refuses inside the block."""
    try:
        yield
    except ValidationError as error:
        raise RefusedError(prefix, error) from error
    except EvidenceError as error:
        raise RefusedError(prefix, ValidationError(str(error))) from error
    except IntegrityError as error:
        # The checks passed and the database still said no: somebody was quicker.
        message = _("The database refused this: another entry stands against it. Try again.")
        raise RefusedError(prefix, ValidationError(message)) from error
