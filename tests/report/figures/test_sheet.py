"""Sizes, formats, bytes, and that nothing outside is changed."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import matplotlib
import pytest

from nep_toolbox.errors import InvalidParameter, MissingLibrary, OutputError
from nep_toolbox.report.figures import English, sheet

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def figure():
    with sheet.drawing(English()):
        drawn = sheet.blank((85.0, 50.0), arranged=True)
        axes = drawn.subplots()
        axes.plot([2001, 2002], [3.0, -4.0], marker="o")
        axes.set_ylabel("NEP (gC m⁻² yr⁻¹)")
        return sheet.finished(drawn)


def test_png_has_the_size_in_pixels(figure, tmp_path):
    (path,) = sheet.save(figure, tmp_path / "a", ("png",), dpi=254)
    data = path.read_bytes()
    width, height = (int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
    assert (width, height) == (850, 500)
    per_metre = int.from_bytes(data[data.index(b"pHYs") + 4 :][:4], "big")
    assert per_metre == 10_000


def test_pdf_and_svg_have_the_size(figure, tmp_path):
    pdf, svg = sheet.save(figure, tmp_path / "a", ("pdf", "svg"))
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf.read_bytes()).groups()
    points = [float(side) / 72 * 25.4 for side in box]
    assert points == pytest.approx([85.0, 50.0], abs=1e-3)
    sides = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg.read_text(encoding="utf-8")).groups()
    assert [float(side) / 72 * 25.4 for side in sides] == pytest.approx([85.0, 50.0], abs=1e-3)


@pytest.mark.parametrize(("kind", "name"), [(42, b"/Type0"), (3, b"/Type3")])
def test_pdf_holds_fonts_as_they_can_be(kind, name, figure, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(sheet.fonts, "pdf_type", lambda texts: seen.extend(texts) or kind)
    (pdf,) = sheet.save(figure, tmp_path / "a", ("pdf",))
    assert set(re.findall(rb"/Subtype (/Type\d)", pdf.read_bytes())) == {name}
    assert "NEP (gC m⁻² yr⁻¹)" in seen


def test_same_figure_same_bytes(figure, tmp_path):
    one, other = (sheet.save(figure, tmp_path / name, sheet.FORMATS, 100) for name in ("a", "b"))
    assert [path.suffix for path in one] == [".png", ".svg", ".pdf"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_same_bytes_from_another_process(tmp_path):
    """With another order of hashes, and on another day."""
    script = (
        "import sys, time; time.time = lambda: float(sys.argv[2])\n"
        "from nep_toolbox.report.figures import English, sankey, save\n"
        "areas = [{'year': y, 'class': c, 'label': f'C {c}', 'area_km2': 10 * c} for y in (1, 2) for c in (1, 2)]\n"
        "flows = [{'from_year': 1, 'to_year': 2, 'from_class': c, 'to_class': c, 'area_km2': 9} for c in (1, 2)]\n"
        "save(sankey(areas, flows, English()), sys.argv[1], dpi=80)\n"
    )
    for name, seed, time in (("a", "1", "1e9"), ("b", "2", "1.7e9")):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name), time], check=True, cwd=PROJECT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(tmp_path)},
        )
    for kind in sheet.FORMATS:
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_files_tell_no_date_and_need_no_font(figure, tmp_path):
    pdf, svg = sheet.save(figure, tmp_path / "a", ("pdf", "svg"))
    assert b"Date" not in pdf.read_bytes()
    text = svg.read_text(encoding="utf-8")
    assert "<text" not in text and "dc:date" not in text
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf.read_bytes(), re.DOTALL)
    assert any(b"FontFile" in pdf.read_bytes() or b" Tf" in zlib.decompress(one) for one in streams if one[:1] == b"x")


def test_parts_of_a_picture_are_numbered():
    svg = b'<path id="m0123456789"/><use href="#m0123456789"/><g clip-path="url(#p0123456789)"/><a id="p0123456789"/>'
    assert sheet._numbered(svg) == b'<path id="m0"/><use href="#m0"/><g clip-path="url(#p1)"/><a id="p1"/>'


def test_settings_of_others_stay():
    before = dict(matplotlib.rcParams)
    with sheet.drawing(English()):
        assert matplotlib.rcParams["font.size"] == sheet.TEXT
    assert dict(matplotlib.rcParams) == before


def test_settings_of_others_do_not_matter(figure, tmp_path):
    (one,) = sheet.save(figure, tmp_path / "a", ("svg",))
    with matplotlib.rc_context({"svg.fonttype": "none", "savefig.bbox": "tight", "savefig.pad_inches": 2.0}):
        (other,) = sheet.save(figure, tmp_path / "b", ("svg",))
    assert one.read_bytes() == other.read_bytes()


def test_dollars_are_no_formulas():
    with sheet.drawing(English()):
        drawn = sheet.blank((85.0, 50.0))
        assert not drawn.text(0, 0, "$a$").get_parse_math()


def test_threads_draw_the_same(tmp_path):
    from nep_toolbox.report.figures import annual

    rows = [{"year": 2000 + place, "mean": float(place % 3), "std": 1.0} for place in range(5)]
    written = {}

    def work(name: str) -> None:
        written[name] = sheet.save(annual(rows, {}, "NEP", "", English()), tmp_path / name, ("svg",))[0].read_bytes()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(written.values())) == 1 and len(written) == 3


def test_pyplot_is_not_imported():
    script = (
        "import sys, os, tempfile\n"
        "import nep_toolbox.report.figures as figures\n"
        "assert 'matplotlib' not in sys.modules\n"
        "folder = tempfile.mkdtemp()\n"
        "figures.save(figures.annual([{'year': 2001, 'mean': 1.0}], {}, 'NEP', '', figures.English()), folder + '/a')\n"
        "assert 'matplotlib.figure' in sys.modules\n"
        "assert not [name for name in sys.modules if 'pyplot' in name or 'backend_qt' in name]\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=PROJECT)


def test_missing_matplotlib_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingLibrary, match=r"need the Python library matplotlib.*python3-matplotlib.*OSGeo4W"):
        sheet.drawing(English()).__enter__()


@pytest.mark.parametrize("size", [(10.0, None), (85.0, 2000.0), (float("nan"), 50.0)])
def test_impossible_sizes(size):
    with pytest.raises(InvalidParameter, match="25 to 1000 mm"):
        sheet.size(size, 50.0)


def test_a_height_of_none_is_that_of_the_chart():
    assert sheet.size((85, None), 40.0) == (85.0, 40.0)
    assert sheet.size((85, 60), 40.0) == (85.0, 60.0)
    assert sheet.size((85, None), 3.0) == (85.0, 30.0)
    assert sheet.size((85, None), 3000.0) == (85.0, 1000.0)


def test_unknown_format(figure, tmp_path):
    with pytest.raises(InvalidParameter, match="'jpg' is no format of a figure: choose from png, svg, pdf"):
        sheet.save(figure, tmp_path / "a", ("jpg",))


def test_a_place_that_cannot_be_written(figure, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        sheet.save(figure, tmp_path / "file" / "a", ("svg",))


def test_letters_and_places():
    with sheet.drawing(English()):
        drawn = sheet.blank((100.0, 50.0))
        axes = sheet.axes_at(drawn, 10.0, 5.0, 50.0, 25.0)
        sheet.letter(axes, 2)
    assert axes.get_position().bounds == pytest.approx((0.1, 0.1, 0.5, 0.5))
    assert axes.get_title(loc="left") == "(C)"
