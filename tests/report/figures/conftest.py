"""The tables of a study, and what the tests look for in figures."""

from __future__ import annotations

import pytest
from testkit.study_tables import all_tables

pytest.importorskip("matplotlib")


@pytest.fixture
def tables() -> dict:
    """The tables of a whole study."""
    return all_tables()


@pytest.fixture
def texts():
    """Gives what is written in a figure."""
    from matplotlib.text import Text

    return lambda figure: [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


@pytest.fixture
def drawn(monkeypatch):
    """Gives the texts that a figure really draws (ticks beyond the axes are not), with their boxes in pixels."""
    from matplotlib.text import Text

    def look(figure) -> list:
        found = []

        def note(text, renderer, *_more):
            if text.get_visible() and text.get_text().strip():
                # Text.get_window_extent, as an annotation counts its arrow too.
                found.append((text.get_text(), Text.get_window_extent(text, renderer)))

        with monkeypatch.context() as patch:
            patch.setattr(Text, "draw", note)
            figure.canvas.draw()
        return found

    return look


@pytest.fixture
def outside(drawn):
    """Says which texts stick out of a figure, by more than half a pixel."""

    def look(figure) -> list:
        box = figure.bbox
        return [
            text for text, shown in drawn(figure)
            if min(shown.x0, shown.y0) < -0.5 or shown.x1 > box.width + 0.5 or shown.y1 > box.height + 0.5
        ]

    return look


@pytest.fixture
def covering(drawn):
    """Says which texts of a figure cover each other."""

    def look(figure) -> list:
        # The box of a text is higher than its letters.
        boxes = [(text, box.padded(-0.12 * 7 / 72 * figure.dpi)) for text, box in drawn(figure)]
        return [
            (text, other) for place, (text, box) in enumerate(boxes) for other, its_box in boxes[:place]
            if box.overlaps(its_box)
        ]

    return look
