"""nep:hotspots through files: the reference, real NPP, single rasters and series, tables, numbers, errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.files import contents
from testkit.rasters import numbers, stored, write_raster
from testkit.regions import SIZE, polygons
from testkit.spots import reference
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.algorithms.statistics import _spots
from nep_toolbox.colours import HOT_COLD_CLASSES, MORAN_CLASSES, RED_TO_BLUE
from nep_toolbox.core.hotspots.local import HOT_COLD_LABELS, MORAN_LABELS, NODATA
from nep_toolbox.framework.run import Run
from nep_toolbox.raster.surroundings import WithSurroundings

pytestmark = pytest.mark.usefixtures("provider")

GI, MORAN = 0, 1


def spots(layers, folder, feedback=None, chart=False, **options) -> dict:
    """Run the tool with every result asked for, the chart where it is looked at; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:hotspots", folder)
    if not chart:
        del paths["CHART"]
    return {**run("nep:hotspots", {"INPUT": layers, **options, **paths}, feedback), **paths}


def legend(path) -> list:
    """Code, label and colour of each entry."""
    layer = QgsRasterLayer(path, "again")  # which owns the renderer
    return [(int(entry.value), entry.label, entry.color.name()) for entry in layer.renderer().classes()]


def bands(path) -> list:
    """The descriptions of the bands."""
    dataset = gdal.Open(path)
    return [dataset.GetRasterBand(band).GetDescription() for band in range(1, dataset.RasterCount + 1)]


def field(seed=4, years=0) -> np.ndarray:
    """Values with a warm corner and a cold one, 24 x 30, or so many years of them."""
    rng = np.random.default_rng(seed)
    values = rng.normal(300, 40, (years or 1, 24, 30))
    values[:, :7, :9] += 90
    values[:, 15:, 20:] -= 80
    return values if years else values[0]


@pytest.fixture(scope="module")
def known(shared) -> dict:
    return reference(shared)


@pytest.mark.parametrize(("method", "radius"), [(MORAN, 1), (GI, 1), (GI, 2), (GI, 4)])
def test_the_reference_through_files(known, tmp_path, method, radius):
    expected, suffix = (known["local"], "05") if method == MORAN else (known["gi"][str(radius)], "")
    raster = write_raster(tmp_path / "npp.tif", np.nan_to_num(known["values"], nan=-1.0), nodata=-1.0, kind="float64")
    for fdr, p, classes in ((True, "p_fdr", f"class_fdr{suffix}"), (False, "p", f"class_p{suffix}")):
        found = spots([raster], tmp_path / p, METHOD=method, RADIUS=radius, FDR=fdr)
        np.testing.assert_allclose(numbers(found["Z"]), expected["z"], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(numbers(found["PVALUE"]), expected[p], rtol=1e-6, atol=1e-11)
        np.testing.assert_array_equal(numbers(found["CLASS"]), expected[classes])
    [row] = table(found["SUMMARY"])
    assert (row["year"], row["pixels"], row["isolated"]) == ("", "623", str(np.isfinite(known["values"]).sum() - 623))
    for column, name, number in (("moran_i", "I", "MORAN_I"), ("z", "z", "MORAN_Z"), ("p", "p", "MORAN_P")):
        assert float(row[column]) == pytest.approx(known["global"][name], rel=1e-9)
        assert found[number] == pytest.approx(known["global"][name], rel=1e-9)


def test_classes_are_drawn_counted_and_summed_up(known, tmp_path):
    values = np.nan_to_num(known["values"], nan=-1.0)
    raster = write_raster(tmp_path / "npp.tif", values, nodata=-1.0, kind="float64")
    cell = (SIZE / 1000) ** 2
    for method, labels, colours, hot, cold in (
        (GI, HOT_COLD_LABELS, HOT_COLD_CLASSES, (2, 3), (-2, -3)), (MORAN, MORAN_LABELS, MORAN_CLASSES, (1,), (3,)),
    ):
        feedback = Feedback()
        found = spots([raster], tmp_path / str(method), feedback, METHOD=method)
        codes = stored(found["CLASS"])[0]
        assert legend(found["CLASS"]) == [(code, label, colours[code]) for code, label in labels.items()]
        rows = table(found["TABLE"])
        assert [(row["class"], row["label"], int(row["pixels"])) for row in rows[:-1]] == [
            (str(code), label, int((codes == code).sum())) for code, label in labels.items()
        ]
        assert (rows[-1]["label"], rows[-1]["pixels"]) == ("no result", str((values != -1).sum() - 623))
        [summary] = table(found["SUMMARY"])
        for name, among in (("hot", hot), ("cold", cold)):
            pixels = np.isin(codes, among).sum()
            assert pixels > 0
            # cells of 30 m are squares on the map
            assert float(summary[f"{name}_km2"]) == pytest.approx(pixels * cell, rel=1e-12)
            assert found[f"{name.upper()}_KM2"] == pytest.approx(pixels * cell, rel=1e-12)
            assert float(summary[f"{name}_percent"]) == pytest.approx(100 * pixels / 623, rel=1e-12)
        assert "With a value, but touching no other, and left out: 3 cells" in feedback.infos
        assert any(line.startswith(f"'npp': Moran's I {float(summary['moran_i']):.4f}") for line in feedback.infos)
        assert any(f"{labels[0]}: {(codes == 0).sum()} pixels" in line for line in feedback.infos)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three years as one raster, by both methods, and each of them alone."""
    folder, found = tmp_path_factory.mktemp("three"), {}
    values = field(years=3)
    values[1, 3:9, 3:9] = np.nan
    values[1, 6, 6] = 500.0
    filled = np.nan_to_num(values, nan=-9999.0)
    series = write_raster(folder / "NPP.tif", filled, nodata=-9999, descriptions=(2003, 2001, 2002))
    for method in (GI, MORAN):
        feedback = Feedback()
        found[method] = spots([series], folder / f"all {method}", feedback, True, METHOD=method), feedback
    for place, year in enumerate((2003, 2001, 2002)):
        single = write_raster(folder / f"NPP_{year}.tif", filled[place], nodata=-9999)
        found[year] = spots([single], folder / str(year))
    return found


def test_each_year_of_a_series_is_as_if_alone(three):
    together = three[GI][0]
    for band, year in enumerate((2001, 2002, 2003)):
        alone = three[year]
        for name in ("CLASS", "Z", "PVALUE"):
            assert stored(alone[name])[0].tobytes() == stored(together[name])[band].tobytes()
        assert table(alone["SUMMARY"]) == [table(together["SUMMARY"])[band]]
        assert table(alone["TABLE"]) == [row for row in table(together["TABLE"]) if row["year"] == str(year)]


def test_bands_and_numbers_of_a_series(three):
    for method in (GI, MORAN):
        found, feedback = three[method]
        for name in ("CLASS", "Z", "PVALUE"):
            assert bands(found[name]) == ["2001", "2002", "2003"]
        rows = table(found["SUMMARY"])
        assert [row["year"] for row in rows] == ["2001", "2002", "2003"]
        assert [row["isolated"] for row in rows] == ["1", "0", "0"] and rows[0]["pixels"] == str(24 * 30 - 36)
        for number, column in (("MORAN_I", "moran_i"), ("MORAN_Z", "z"), ("HOT_KM2", "hot_km2")):
            assert found[number] == pytest.approx(float(rows[2][column]), rel=1e-13)
        assert [line[:15] for line in feedback.infos if "Moran's I" in line] == [
            f"{year}: Moran's I" for year in (2001, 2002, 2003)
        ]
        assert "With a value, but touching no other, and left out: 2001: 1" in feedback.infos
        page = Path(found["CHART"]).read_text(encoding="utf-8")
        assert "Area of hot and cold spots" in page and "Classes in 2003" in page and "Full circles: p" in page
        assert ("windows of 3 x 3 cells" in page, "low ones (p &lt; 0.05)" in page) == (method == GI, method == MORAN)
        assert "p is adjusted for the number of cells" in page
        layer = QgsRasterLayer(found["Z"], "again")  # which owns the renderer
        items = [(item.value, item.color.name()) for item in
                 layer.renderer().shader().rasterShaderFunction().colorRampItemList()]
        assert [colour for _value, colour in items] == list(RED_TO_BLUE[::-1])
        assert items[0][0] == -items[-1][0] < 0
        # the legends of classes, and of p from 0 to 1, are those of no percentile
        assert [line.count("'") for line in feedback.infos if "98th" in line] == [2]


def test_the_planted_corners_are_found(three):
    codes = stored(three[GI][0]["CLASS"])
    inside, outside = np.zeros(codes.shape[1:], dtype=bool), np.zeros(codes.shape[1:], dtype=bool)
    inside[:7, :9] = True
    outside[16:, 21:] = True
    assert ((codes >= 2)[:, inside].mean(axis=1) > 0.5).all() and ((codes <= -2)[:, outside].mean(axis=1) > 0.5).all()
    rest = ~(inside | outside)
    rest[:9, :11] = rest[13:, 18:] = False
    assert ((np.abs(codes) >= 2)[:, rest].mean(axis=1) < 0.05).all()


def test_no_bit_depends_on_blocks_or_threads(tmp_path, monkeypatch):
    values = np.tile(field(years=2), (1, 3, 11))
    values[np.random.default_rng(1).random(values.shape) < 0.3] = -9999
    layer = write_raster(tmp_path / "NPP.tif", values, nodata=-9999, descriptions=(2001, 2002))
    regions = {"REGIONS": polygons({"west": (0, 70, 0, 100), "east": (5, 50, 90, 330)}), "REGION_FIELD": "name"}
    whole = spots([layer], tmp_path / "whole", RADIUS=3, THREADS=1, **regions)
    for shape, threads in (((256, 16), 2), ((330, 32), 1)):
        monkeypatch.setattr(Run, "block", shape)
        cut = spots([layer], tmp_path / f"{shape}", RADIUS=3, THREADS=threads, **regions)
        for name in ("CLASS", "Z", "PVALUE"):
            assert stored(cut[name]).tobytes() == stored(whole[name]).tobytes()
        for name in ("SUMMARY", "TABLE"):
            assert contents(tmp_path / f"{shape}")[f"{name.lower()}.csv"] == contents(tmp_path / "whole")[
                f"{name.lower()}.csv"]


def test_regions(tmp_path):
    values = field(years=2)
    layer = write_raster(tmp_path / "NPP.tif", values, descriptions=(2001, 2002))
    boxes = {"north": (0, 12, 0, 30), "south": (12, 24, 0, 30), "nowhere": (40, 44, 0, 9), "rim": (23, 60, 0, 30)}
    feedback = Feedback()
    found = spots([layer], tmp_path / "out", feedback, REGIONS=polygons(boxes), REGION_FIELD="name")
    rows, codes = table(found["TABLE"]), stored(found["CLASS"])
    assert list(dict.fromkeys(row["region"] for row in rows)) == ["all", *boxes]
    assert [row["year"] for row in rows if row["region"] == "south"] == ["2001"] * 7 + ["2002"] * 7
    for row in rows:
        top, bottom = {"all": (0, 24), **{name: box[:2] for name, box in boxes.items()}}[row["region"]]
        counted = (codes[int(row["year"]) - 2001, top:bottom] == int(row["class"])).sum()
        assert int(row["pixels"]) == counted
    [empty, sparse] = [line for line in feedback.warnings if "nowhere" in line or "'rim'" in line]
    assert "no pixel with enough values" in empty and "'north'" not in empty and "'rim' (2.7 %)" in sparse
    plain = spots([layer], tmp_path / "plain")
    assert table(plain["TABLE"]) == [
        {name: value for name, value in row.items() if name != "region"} for row in rows if row["region"] == "all"
    ]


def test_real_npp(huaihai, tmp_path):
    feedback = Feedback()
    found = spots(huaihai[-1:], tmp_path, feedback, RADIUS=2)
    [row] = table(found["SUMMARY"])
    assert row["year"] == "2022" and float(row["moran_i"]) > 0.5 and float(row["hot_percent"]) > 5
    z, codes = numbers(found["Z"]), numbers(found["CLASS"])
    values = numbers(huaihai[-1])
    # hot are windows whose mean is above that of the raster
    assert (values[codes == 3].mean(), values[codes == -3].mean()) == pytest.approx(
        (np.nanmean(values[z > 3]), np.nanmean(values[z < -3])), rel=0.1)
    assert (codes[z < 0] <= 0).all() and (codes[z > 0] >= 0).all()


@pytest.mark.parametrize("name", ["mean NPP", "slope_2001-2020", "NPP_2001_06"])
def test_a_single_raster_needs_no_year(tmp_path, name):
    feedback = Feedback()
    year = "2001" if name.startswith("NPP") else ""
    found = spots([write_raster(tmp_path / f"{name}.tif", field())], tmp_path / "out", feedback, chart=not year)
    assert [row["year"] for row in table(found["SUMMARY"])] == [year]
    [told] = [line for line in feedback.infos if line.startswith("  ") and "band 1" in line]
    assert told.startswith(f"  {year} - {name} - band 1" if year else f"  {name} - band 1")
    assert bands(found["CLASS"]) == [year or "Hot and cold spots"]
    if not year:
        page = Path(found["CHART"]).read_text(encoding="utf-8")
        assert "How alike neighbours are" in page and "Area of hot and cold spots" not in page


def test_years_as_given_hold_for_a_single_raster_too(tmp_path):
    found = spots([write_raster(tmp_path / "npp.tif", field())], tmp_path / "out", YEARS="1999")
    assert table(found["SUMMARY"])[0]["year"] == "1999"


def test_a_raster_in_degrees_has_the_areas_of_its_cells(tmp_path):
    layer = write_raster(tmp_path / "npp.tif", field(), (100.0, 0.5, 0, 60.0, 0, -0.5), 4326)
    found = spots([layer], tmp_path / "out")
    hot = float(table(found["SUMMARY"])[0]["hot_km2"])
    rows = np.nonzero(stored(found["CLASS"])[0] >= 2)[0]
    # about: half a degree of latitude is 55.7 km
    assert hot == pytest.approx((55.7**2 * np.cos(np.radians(59.75 - 0.5 * rows))).sum(), rel=0.01)


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([np.full((6, 6), 3.25)], {}, "All values of 'NPP_2001' (2001) are 3.25: without differences"),
        ([np.arange(29.0).reshape(1, 29)], {}, "'NPP_2001' (2001) has 29 cells with a value that touch another one"),
        ([field(), np.full((24, 30), np.nan)], {}, "'NPP_2002' (2002) has 0 cells with a value"),
        ([field(), np.full((24, 30), 7.0)], {"METHOD": 1}, "All values of 'NPP_2002' (2002) are 7"),
        ([field() * 1e-200], {}, "The values of 'NPP_2001' (2001) are too close together"),
        ([field() * 1e100], {}, "The values of 'NPP_2001' (2001) are too close together, or too far apart"),
        ([field()], {"METHOD": 1, "RADIUS": 2}, "Local Moran compares a cell with its 8 neighbours, and 'Radius"),
    ],
)
def test_what_is_refused(tmp_path, values, options, said):
    layers = [write_raster(tmp_path / f"NPP_{2001 + place}.tif", each, kind="float64")
              for place, each in enumerate(values)]
    with pytest.raises(QgsProcessingException) as error:
        spots(layers, tmp_path / "out", **options)
    assert str(error.value).startswith(said) or said in str(error.value)
    assert not list((tmp_path / "out").iterdir())


def test_thirty_cells_are_enough(tmp_path):
    values = np.where(np.arange(41) < 30, np.arange(41.0) ** 1.5, -9999).reshape(1, 41)
    values[0, 32:41:2] = 5.0  # of isolated cells
    found = spots([write_raster(tmp_path / "npp.tif", values, nodata=-9999)], tmp_path / "out", METHOD=MORAN)
    assert [(row["pixels"], row["isolated"]) for row in table(found["SUMMARY"])] == [("30", "5")]
    assert (stored(found["CLASS"])[0, 0, 30:] == NODATA).all()


def test_alpha_is_of_local_moran(tmp_path):
    layer = write_raster(tmp_path / "npp.tif", field())
    feedback = Feedback()
    spots([layer], tmp_path / "gi", feedback, ALPHA=0.01)
    assert any("three levels" in line for line in feedback.warnings)
    counts = {}
    for alpha in (0.01, 0.2):
        feedback = Feedback()
        found = spots([layer], tmp_path / f"{alpha}", feedback, METHOD=MORAN, ALPHA=alpha)
        assert not feedback.warnings
        counts[alpha] = (stored(found["CLASS"]) > 0).sum()
        assert counts[alpha] == (numbers(found["PVALUE"]) < np.float32(alpha)).sum()
    assert 0 < counts[0.01] < counts[0.2]


def test_very_many_cells_are_adjusted_in_bins(tmp_path, monkeypatch):
    layer, said = write_raster(tmp_path / "npp.tif", field()), []
    found = []
    for most in (24 * 30, 24 * 30 - 1):
        monkeypatch.setattr(_spots, "MOST_EXACT", most)
        feedback = Feedback()
        found.append(numbers(spots([layer], tmp_path / str(most), feedback)["PVALUE"]))
        said.append(any("in narrow bins" in line for line in feedback.infos))
    exact, binned = found
    assert said == [False, True] and (binned != exact).any()
    assert (binned >= exact).all() and (binned <= exact * (1 + 2.0**-12)).all()


def test_long_tails_are_warned_of_where_windows_are_narrow(tmp_path):
    rng = np.random.default_rng(12)
    skewed, plain = rng.exponential(1.0, (24, 30)), rng.normal(size=(24, 30))
    kurtosis = ((skewed - skewed.mean()) ** 4).mean() / skewed.var() ** 2
    years = [write_raster(tmp_path / f"NPP_{year}.tif", each, kind="float64")
             for year, each in ((2001, plain), (2002, skewed))]
    single, logarithm = (
        [write_raster(tmp_path / name, each)] for name, each in (("x.tif", skewed), ("y.tif", np.log(skewed)))
    )
    for place, (layers, options, named) in enumerate([
        (years, {}, "2002"), (years[1:], {"RADIUS": 3}, "2002"), (years, {"METHOD": MORAN}, "2002"),
        (single, {}, "'x'"), (years, {"RADIUS": 4}, None), (years[:1], {}, None), (logarithm, {}, None),
    ]):
        feedback = Feedback()
        run("nep:hotspots", {"INPUT": layers, **options, "CLASS": str(tmp_path / f"{place}.tif")}, feedback)
        said = [line for line in feedback.warnings if "long tail" in line]
        assert len(said) == (named is not None)
        assert any("RADIUS) of 4 or more" in line for line in feedback.warnings) == bool(said)
        if said:
            assert said[0].startswith(f"The values of {named} have a long tail (kurtosis up to {kurtosis:.3g},")


def test_the_longer_a_tail_the_wider_must_windows_be(tmp_path):
    # of such values at random, one raster in five has a false spot with a radius of 4
    values = np.random.default_rng(12).lognormal(0.0, 1.0, (50, 50))
    apart = values - values.mean()
    excess = (apart**4).mean() / values.var() ** 2 - 3
    enough = next(radius for radius in range(1, 51) if excess / (2 * radius + 1) ** 2 <= 0.1)
    assert 4 < enough < 24
    layer = [write_raster(tmp_path / "x.tif", values, kind="float64")]
    narrow = [write_raster(tmp_path / "z.tif", values[: 2 * enough], kind="float64")]
    values[20, 20] = 1e6
    spike = [write_raster(tmp_path / "y.tif", values, kind="float64")]
    for layers, radius, advice in (
        (layer, 4, f"of {enough} or more."), (layer, enough - 1, f"of {enough} or more."), (layer, enough, None),
        (spike, 20, "is wide enough for them."), (narrow, 1, "is wide enough for them."),
    ):
        feedback = Feedback()
        run("nep:hotspots", {"INPUT": layers, "RADIUS": radius, "CLASS": str(tmp_path / "class.tif")}, feedback)
        assert bool(feedback.warnings) == bool(advice)
        if advice:
            tail, said = feedback.warnings
            assert "have a long tail" in tail and said.endswith(advice)


def test_windows_reach_as_far_as_they_must(tmp_path, monkeypatch):
    layer = write_raster(tmp_path / "npp.tif", np.tile(field(), (3, 4)))
    reaches, read = [], WithSurroundings.read

    def noted(reader, window):
        reaches.append(reader.reach)
        return read(reader, window)

    monkeypatch.setattr(WithSurroundings, "read", noted)
    spots([layer], tmp_path / "near")
    assert reaches.count(1) == 3 * reaches.count(2) > 0
    reaches.clear()
    spots([layer], tmp_path / "out", RADIUS=50)
    assert reaches.count(51) == 2 * reaches.count(1) == 2 * reaches.count(2) > 0


def test_windows_of_all_cells(tmp_path):
    values = np.stack([field(), field(5)])
    values[0, :, 12:] = -9999
    layer = write_raster(tmp_path / "npp.tif", values, nodata=-9999, descriptions=(2001, 2002))
    feedback = Feedback()
    found = spots([layer], tmp_path / "some", feedback, RADIUS=20)
    [said] = [line for line in feedback.warnings if line.startswith("Without a result")]
    lost = (stored(found["CLASS"]) == NODATA).sum(axis=(1, 2)) - [24 * 18, 0]
    # the windows of 18 rows reach both ends, and so do those of all 12 columns of 2001 and of 12 of the 30 of 2002
    assert lost.tolist() == [18 * 12, 18 * 12]
    assert "windows of 41 x 41 cells" in said and "up to 216 cells of 2001, 2002." in said
    feedback = Feedback()
    spots([layer], tmp_path / "one", feedback, RADIUS=14)
    [said] = [line for line in feedback.warnings if line.startswith("Without a result")]
    assert "of 2001." in said
    with pytest.raises(QgsProcessingException, match="Windows of 101 x 101 cells hold all cells of 2001, 2002, so"):
        spots([layer], tmp_path / "none", RADIUS=50)
    assert not list((tmp_path / "none").iterdir())


def test_years_without_a_z_of_moran_are_named(tmp_path):
    values = np.full((2, 2, 80), -9999.0)
    values[:, :, ::2] = 0.5
    values[0, 0, 6] = 1.0
    values[1, :, ::2] = np.random.default_rng(2).random((2, 40))
    layer, feedback = write_raster(tmp_path / "npp.tif", values, nodata=-9999, descriptions=(2001, 2002)), Feedback()
    spots([layer], tmp_path / "out", feedback)
    assert [line for line in feedback.warnings if "no z" in line] == [
        "Moran's I of 2001 has no z and no p: a single value makes up nearly all of the spread."
    ]
