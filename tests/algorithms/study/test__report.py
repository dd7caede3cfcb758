"""The report of a study says what its tables hold, and what did not work."""

from __future__ import annotations

import csv
import re

import pytest
from qgis.PyQt.QtGui import QImage

from nep_toolbox.algorithms.study import _report, _settings
from nep_toolbox.algorithms.study._report import make_document, write_report
from nep_toolbox.study.facts import facts
from nep_toolbox.study.sentences import sentences
from nep_toolbox.study.words import words
from tests.testkit.study import study

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path id="a" d="M 0 0"/></svg>'


def picture(path, width: int, dpi: int) -> None:
    """A picture with the resolution that it names."""
    image = QImage(width, width // 2, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    assert image.save(str(path))


@pytest.fixture
def folder(tmp_path):
    """The folder of a study, with its settings and its tables."""
    tables, settings = study()
    source = tmp_path / "study"
    for name in ("tables", "figures"):
        (source / name).mkdir(parents=True)
    for name, rows in tables.items():
        with open(source / "tables" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    picture(source / "figures" / "fig05_trend.png", 600, 300)
    (source / "figures" / "fig05_trend.svg").write_text(SVG, encoding="utf-8")
    picture(source / "figures" / "fig02_annual.png", 600, 300)
    (source / "figures" / "fig02_annual.svg").write_text(SVG, encoding="utf-8")
    (source / "log.txt").write_text("It ran. 好\n", encoding="utf-8")
    return source, settings, tables


def made(folder, **changes):
    """The document of a folder, with other settings."""
    source, settings, tables = folder
    settings = {**settings, **changes}
    return make_document(str(source), settings, tables, facts(tables, settings))


def sections(document) -> dict:
    return {section.name: section for section in document.sections}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_is_written(folder, tmp_path, language):
    source, settings, tables = folder
    settings["language"] = language
    target = tmp_path / "target"
    target.mkdir()
    found = facts(tables, settings)
    paths = write_report(str(source), str(target), settings, tables, found)
    names = ["report.html", "results.md", "methods.md", "captions.txt", "tables.xlsx"]
    assert paths == [str(target / name) for name in names]
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    page = (target / "report.html").read_text(encoding="utf-8")
    text = re.sub(r"&#x27;", "'", re.sub(r"&lt;", "<", re.sub(r"&gt;", ">", page)))
    for said in sentences(found, settings).values():
        for sentence in said:
            assert sentence in text
    assert "It ran. 好" in page


def test_every_section_has_its_tables_and_their_files(folder):
    source, _, tables = folder
    document = made(folder)
    found = sections(document)
    assert [section.name for section in document.sections] == [
        *(f"f{place}" for place in range(1, 10)), "f9b", "f10", "f11", "f12"]
    assert [table.number for table in document.tables] == ["1"]
    assert [table.number for table in document.uncertain] == ["1b"]
    assert [table.number for table in found["f9"].tables + found["f9b"].tables] == ["9", "9b", "9c"]
    assert [table.number for table in found["f5"].tables] == ["5", "5b", "5c", "5d"]
    shown = [*document.tables, *(table for section in document.sections for table in section.tables)]
    assert len({table.name for table in shown}) == len(shown) > 15
    for table in shown:
        assert table.csv == (source / table.file).read_bytes().decode("utf-8")
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert table.rows
    annual = found["f2"].tables[0]
    assert [column.numeric for column in annual.columns] == [True] * len(annual.columns)
    assert [row[0] for row in annual.rows] == [str(row["year"]) for row in tables["fig02_annual"]]


def test_the_box_of_uncertainty_and_its_step_that_failed(folder):
    _, settings, _ = folder
    assert [text.key for text in made(folder).uncertainty][:2] == ["u_given", "u_mean"]
    assert made(folder).errors == ()
    settings["steps"] = {"uncertainty": {"state": "failed", "why": "Disk full."}}
    assert made(folder).errors == ("Uncertainty. Disk full.",)


def test_columns_of_texts_stand_to_the_left(folder):
    (table,) = made(folder).tables
    numeric = {column.heading: column.numeric for column in table.columns}
    assert not numeric["Variable"] and not numeric["Resampling"]
    assert numeric["Missing (%)"] and numeric["Files"]
    folder[2]["data"][0]["files"] = "npp_2001.tif"
    (table,) = made(folder).tables
    assert not {column.heading: column.numeric for column in table.columns}["Files"]


def test_drawings_are_taken_as_they_are_and_maps_as_pictures(folder):
    found = sections(made(folder))
    assert found["f2"].figure.content == SVG.encode()
    assert found["f2"].figure.files == ("figures/fig02_annual.svg", "figures/fig02_annual.png")
    assert found["f5"].figure.content.startswith(b"\x89PNG")
    assert QImage.fromData(found["f5"].figure.content).width() == 300  # 600 at 300 dpi are 300 at 150
    assert found["f3"].figure is None


def test_a_figure_that_a_page_cannot_show_is_named(folder):
    (folder[0] / "figures" / "fig03_maps.pdf").write_bytes(b"%PDF")
    figure = sections(made(folder))["f3"].figure
    assert (figure.content, figure.files) == (b"", ("figures/fig03_maps.pdf",))
    assert figure.caption.startswith("Figure 3.")


def test_a_picture_that_is_not_finer_stays(folder):
    source = folder[0]
    picture(source / "figures" / "fig05_trend.png", 600, 150)
    expected = (source / "figures" / "fig05_trend.png").read_bytes()
    assert sections(made(folder))["f5"].figure.content == expected


def test_a_large_page_has_coarser_pictures(folder, tmp_path, monkeypatch):
    source, settings, tables = folder
    widths = []
    for largest in (10_000_000, 1000):
        monkeypatch.setattr(_report, "LARGEST", largest)
        write_report(str(source), str(tmp_path), settings, tables, facts(tables, settings))
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        widths.append(int(re.search(r'<img [^>]*width="(\d+)"', page)[1]))
    assert widths == [300, 160]


def test_what_failed_and_what_was_left_out_is_said(folder):
    states = {
        "hurst": {"state": "failed", "why": "Too few years."}, "project": {"state": "failed", "why": "Disk full."},
        "landcover": {"state": "skipped", "why": "No land cover was given."}, "trend": {"state": "done"},
    }
    document = made(folder, steps=states)
    found = sections(document)
    assert found["f6"].errors == ("Hurst exponent. Too few years.",)
    assert found["f8"].skipped == ("Land cover. No land cover was given.",)
    assert found["f5"].errors == found["f5"].skipped == ()
    assert document.errors == ("QGIS project. Disk full.",)


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("The Hurst exponent needs 12 years and the series has 10.", "赫斯特指数需要12年，而序列只有10年。"),
        ("The hindcast needs 17 years and the series has 12.", "后报检验需要17年，而序列只有12年。"),
        ("No land cover was given.", "未提供土地覆盖数据。"),
        ("The file {3}.tif has 7 {} bands.", "The file {3}.tif has 7 {} bands."),
    ],
)
def test_reasons_are_translated_where_they_are_known(folder, why, expected):
    section = sections(made(folder, steps={"hurst": {"state": "skipped", "why": why}}, language="zh"))["f6"]
    assert section.skipped == (f"赫斯特指数：{expected}",)
    section = sections(made(folder, steps={"hurst": {"state": "skipped", "why": why}}))["f6"]
    assert section.skipped == (f"Hurst exponent. {why}",)


def test_what_a_chart_leaves_out_is_noted_below_it(folder):
    notes = {"fig08_landcover": "9 flows are not drawn.", "panels/fig04_counts": "A count is not drawn.",
             "fig09_landcover_nep": "Water is left out."}
    found = sections(made(folder, numbers={"figures": {"notes": notes}}))
    assert found["f8"].notes == ("9 flows are not drawn.",)
    assert found["f4"].notes == ("A count is not drawn.",)
    assert found["f2"].notes == found["f9"].notes == ()


def test_the_head(folder):
    document = made(folder)
    assert document.title == "NEP of Sample Province, 2001–2008"
    facts_of = dict(document.facts)
    assert facts_of["Region"] == "Sample Province"
    assert facts_of["Pixels"] == "160,123"
    assert facts_of["Cell size"] == "1,000 m"
    assert made(folder, region_name="").title == "NEP, 2001–2008"
    assert document.checks


def test_the_appendix_in_chinese(folder):
    given = [("Grids", "Bring every raster to the grid of NPP"), ("Correction for serial correlation", "None"),
             ("Methods of discretization", "Quantiles, Equal intervals"), ("Mine", "One, two")]
    parameters = [{"key": "X", "label": label, "value": value} for label, value in given]
    assert made(folder, parameters=parameters, language="zh").parameters == (
        ("格网", "将所有栅格统一到NPP的格网"), ("序列相关校正", "无"), ("分级方法", "分位数、等距分级"),
        ("Mine", "One、two"),
    )


def test_every_parameter_of_the_appendix_has_a_chinese_name(provider):
    spoken = words("zh")
    known = {each.name(): each for each in provider.algorithm("study").parameterDefinitions()}
    texts = []
    for name in _settings._SPOKEN:
        texts += [known[name].description(), *(known[name].options() if hasattr(known[name], "options") else [])]
    assert len(texts) > 40
    assert [text for text in texts if spoken[text] == text] == []


def test_the_appendix(folder):
    given = [("Level", 0.05), ("Least number", 8), ("Reuse", True), ("Zones", False), ("Form", "Monthly")]
    document = made(
        folder, parameters=[{"key": "X", "label": label, "value": value} for label, value in given],
        versions={"QGIS": "3.40"}, command="qgis_process run nep:study",
    )
    assert [value for _, value in document.parameters] == ["0.05", "8", "✓", "–", "Monthly"]
    assert document.versions == (("QGIS", "3.40"),)
    assert document.command == "qgis_process run nep:study"
    assert document.log == "It ran. 好\n"


def test_a_study_of_nothing_but_a_series(tmp_path):
    tables, settings = study()
    rows = [{"year": row["year"], "pixels": 5, "mean": row["mean"]} for row in tables["fig02_annual"]]
    tables = {"fig02_annual": rows}
    (tmp_path / "tables").mkdir()
    with open(tmp_path / "tables" / "fig02_annual.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["year", "pixels", "mean"])
        writer.writeheader()
        writer.writerows(rows)
    bare = {name: settings[name] for name in ("variable", "unit", "years", "alpha")}
    found = facts(tables, bare)
    paths = write_report(str(tmp_path), str(tmp_path), bare, tables, found)
    assert len(paths) == 5
    document = make_document(str(tmp_path), bare, tables, found)
    assert [len(section.tables) for section in document.sections] == [0, 1] + [0] * 11
    assert [text.key for text in document.uncertainty] == ["u_none_series"] and document.uncertain == ()
