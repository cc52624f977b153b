"""The blocks of a document: paragraphs, and lists and tables whose lines stay together."""


class Blocks:
    """Collects the text of a document, block by block, in the order of reading."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._in_list = False

    def add(self, text: str) -> None:
        """Add a paragraph of its own; one without words is left out."""
        text = tidy_lines(text)
        if text:
            self._blocks.append(text)
            self._in_list = False

    def add_item(self, text: str) -> None:
        """Add an item of a list: a line of its own, in one block with the items around it."""
        text = tidy_lines(text)
        if not text:
            return
        if self._in_list:
            self._blocks[-1] += "\n" + text
        else:
            self._blocks.append(text)
        self._in_list = True

    def end_list(self) -> None:
        """End a list: an item that follows belongs to another one."""
        self._in_list = False

    def text(self) -> str:
        """Return all blocks, separated by blank lines."""
        return "\n\n".join(self._blocks)


def tidy_lines(text: str) -> str:
    """Return the lines of a block without space at their ends and without blank lines."""
    lines = (line.strip(" \t\r\f\v") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def add_table(blocks: Blocks, rows: list[list[list[str]]]) -> None:
    """Add a table: rows of cells of paragraphs.

    A table of facts becomes one block with a line for each row. One that only puts paragraphs
    where the page wants them (a letterhead, two columns) becomes those paragraphs.
    """
    layout = all(len(row) <= 1 for row in rows) or any(
        len(cell) > 1 or sum(map(len, cell)) > 200 for row in rows for cell in row
    )
    blocks.end_list()
    for row in rows:
        if layout:
            for cell in row:
                for paragraph in cell:
                    blocks.add(paragraph)
        else:
            cells = [" ".join(" ".join(cell).split()) for cell in row]
            blocks.add_item(" | ".join(cell for cell in cells if cell))
    blocks.end_list()
