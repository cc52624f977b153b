"""What a card says: the words of the picture, and of the description beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the record in a few lines.

    ``above`` says what kind of thing it is; ``sign`` and ``status`` where a demand stands, with
    ``when`` beside; ``confirmed`` fills the sign. ``lines`` are the figures, ``note`` what must
    not be missed. ``site`` and ``host`` say whose record it is and where it stands.
    """

    title: str
    site: str
    host: str
    above: str = ""
    sign: str = ""
    confirmed: bool = False
    status: str = ""
    when: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""

    @property
    def description(self) -> str:
        """All but the title, in sentences."""
        status = ", ".join(part for part in (self.status, self.when) if part)
        parts = [part.rstrip(".") for part in (status, *self.lines, self.note) if part]
        return ". ".join(parts) + "." if parts else ""
