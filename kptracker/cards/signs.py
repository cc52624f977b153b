"""The signs of the statuses, as on the pages: hollow while provisional, filled once confirmed.

The same shapes as in templates/includes/glyphs.html, on the same grid of 16 by 16.
"""

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Drawn this much larger and then made smaller: Pillow does not smooth what it draws.
OVER = 8
STROKE = 1.7

OUTLINES: dict[str, list[tuple[float, float]]] = {
    "disc": [(1.5, 2.5), (14.5, 2.5), (14.5, 11), (7.5, 11), (4, 14.2), (4, 11), (1.5, 11)],
    "blocked": [
        (5.2, 1.2),
        (10.8, 1.2),
        (14.8, 5.2),
        (14.8, 10.8),
        (10.8, 14.8),
        (5.2, 14.8),
        (1.2, 10.8),
        (1.2, 5.2),
    ],
    "closed": [(2, 2), (14, 2), (14, 14), (2, 14)],
}
INNER: dict[str, list[list[tuple[float, float]]]] = {
    "met": [[(4.8, 8.4), (7, 10.6), (11.3, 4.8)]],
    "disc": [[(4.5, 6.8), (11.5, 6.8)]],
    "none": [[(4.6, 8), (11.4, 8)]],
    "blocked": [[(5.4, 5.4), (10.6, 10.6)], [(10.6, 5.4), (5.4, 10.6)]],
    "closed": [[(5, 8), (11, 8)]],
    "np": [[(3, 8), (13, 8)]],
}
ROUND = ("met", "partly", "none")
CIRCLE = (1.4, 1.4, 14.6, 14.6)


def sign_image(name: str, size: int, colour: str, paper: str, *, full: bool) -> Image.Image:
    """Return a sign on transparent ground, ``size`` pixels high; ``full`` fills it."""
    # Half a stroke lies outside of the grid.
    edge = 17.7
    scale = size * OVER / edge
    shift = (edge - 16) / 2
    image = Image.new("RGBA", (size * OVER, size * OVER), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    width = round(STROKE * scale)

    def at(*numbers: float) -> tuple[float, ...]:
        return tuple((number + shift) * scale for number in numbers)

    def line(points: "Sequence[tuple[float, float]]", ink: str) -> None:
        draw.line([at(*point) for point in points], fill=ink, width=width, joint="curve")
        for point in (points[0], points[-1]):
            x, y = at(*point)
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)

    ground = colour if full else None
    if name in ROUND:
        x0, y0, x1, y1 = at(*CIRCLE)
        half = width / 2
        draw.ellipse(
            (x0 - half, y0 - half, x1 + half, y1 + half), fill=ground, outline=colour, width=width
        )
    elif name == "na":
        for start in range(0, 360, 40):
            draw.arc(at(*CIRCLE), start, start + 22, fill=colour, width=width)
    elif name == "reversed":
        line([(2, 6), (10, 6)], colour)
        draw.arc(at(5.25, 5.15, 14.75, 14.65), -90, 90, fill=colour, width=width)
        line([(10, 13.8), (5, 13.8)], colour)
        line([(5.6, 2.2), (1.8, 6), (5.6, 9.8)], colour)
    elif name in OUTLINES:
        points = OUTLINES[name]
        if full:
            draw.polygon([at(*point) for point in points], fill=colour)
        line([*points, points[0], points[1]], colour)
    inner = paper if full and name != "np" else colour
    if name == "partly":
        draw.pieslice(at(*CIRCLE), -90, 90, fill=inner)
    for strokes in INNER.get(name, []):
        line(strokes, inner)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def brand_image(size: int, colour: str) -> Image.Image:
    """Return the site's mark, a cut diamond, on transparent ground."""
    scale = size * OVER / 24
    image = Image.new("RGBA", (size * OVER, size * OVER), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def line(points: "Sequence[tuple[float, float]]", width: float) -> None:
        scaled = [(x * scale, y * scale) for x, y in points]
        draw.line(scaled, fill=colour, width=round(width * scale), joint="curve")

    line([(6, 3), (18, 3), (22, 9), (12, 21), (2, 9), (6, 3), (18, 3)], 2)
    line([(2, 9), (22, 9)], 1.2)
    line([(9, 9), (12, 21), (15, 9), (12, 3), (9, 9)], 1.2)
    return image.resize((size, size), Image.Resampling.LANCZOS)
