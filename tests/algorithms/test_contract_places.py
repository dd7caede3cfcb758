"""No result of any tool takes the place of another result or of an input, however the paths are spelt."""

from __future__ import annotations

import itertools
import shutil
import zipfile
from pathlib import Path

import pytest
from examples import brief, example
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsRasterLayer, QgsVectorLayer
from testkit.contract import (
    every_tool,
    files_of,
    folders_of,
    needed,
    rasters_of,
    refused,
    results_of,
    sinks_of,
    sources_of,
    takes_files,
    with_file,
)
from testkit.files import contents
from testkit.tools import destinations, run

pytestmark = pytest.mark.usefixtures("provider")

#: How the second path of a pair is spelt; the first is always the plain one.
SPELLINGS = ("{0}/x.gpkg", "{0}/./x.gpkg", "{0}/sub/../x.gpkg", "{1}/out/x.gpkg", "{1}/x.gpkg")


def _given(identifier: str, folder: Path) -> dict:
    """The example of a tool, with a place elsewhere for what it must have."""
    return {**brief(identifier, folder), **needed(identifier, folder.with_name("made elsewhere"))}


def _pairs(results: list) -> list:
    """Each result with the two after it, the first ones with the last: of many results not every pair, which would
    take long and tell no more."""
    places = range(len(results))
    pairs = {tuple(sorted((place, (place + step) % len(results)))) for step in (1, 2) for place in places}
    return [(results[one], results[other]) for one, other in sorted(pairs) if one != other]


@every_tool
def test_two_results_at_one_path(identifier, province, tmp_path):
    """The pairs in a spelling, over all of which they go round."""
    given, results, context = _given(identifier, province), results_of(identifier), QgsProcessingContext()
    out, links = tmp_path / "out", tmp_path / "links"
    (out / "sub").mkdir(parents=True)
    links.mkdir()
    (links / "out").symlink_to(out)
    (links / "x.gpkg").symlink_to(out / "x.gpkg")
    spellings = itertools.cycle(SPELLINGS)
    for one, other in _pairs(results):
        second = next(spellings).format(out, links)
        message = refused(identifier, {**given, one: str(out / "x.gpkg"), other: second}, out, context=context)
        assert "two results" in message and one in message and other in message


@pytest.fixture
def inputs(province, tmp_path):
    """A copy of the province, with what its tools make of it, beside it."""
    shutil.copytree(province, tmp_path / "in" / "sample")
    return tmp_path / "in" / "sample"


@every_tool
def test_a_result_at_an_input(identifier, inputs):
    """Every result at a file of every parameter; a table cannot be called .tif, see the formats below."""
    given, context = _given(identifier, inputs), QgsProcessingContext()
    for name, result in itertools.product(rasters_of(identifier, given), results_of(identifier)):
        if result in sinks_of(identifier) or result in folders_of(identifier):
            continue
        files = files_of(given[name])
        target = files[len(result) % len(files)]
        message = refused(identifier, {**given, result: target}, inputs.parent, context=context)
        assert "both an input and the result" in message and Path(target).stem in message
    for name, result in itertools.product(sources_of(identifier, given), results_of(identifier)):
        if result in folders_of(identifier):
            continue
        message = refused(identifier, {**given, result: given[name]}, inputs.parent, context=context)
        assert "both an input and the result" in message, message


def virtual(file: str, folder: Path) -> tuple:
    gdal.BuildVRT(str(folder / Path(file).with_suffix(".vrt").name), [file])
    return str(folder / Path(file).with_suffix(".vrt").name), file


def packed(file: str, folder: Path) -> tuple:
    archive = folder / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packing:
        packing.write(file, Path(file).name)
    return f"/vsizip/{archive}/{Path(file).name}", str(archive)


def translated(driver: str, ending: str):
    """A copy of an input in another format, which is its file."""

    def make(file: str, folder: Path) -> tuple:
        path = str(folder / Path(file).with_suffix(ending).name)
        gdal.Translate(path, file, format=driver, bandList=[1])
        return path, path

    return make


def subdataset(file: str, folder: Path) -> tuple:
    path = translated("netCDF", ".nc")(file, folder)[1]
    return f'NETCDF:"{path}":Band1', path


FORMS = {
    "virtual": virtual, "zip": packed, "netCDF": translated("netCDF", ".nc"), "subdataset": subdataset,
    "gpkg": translated("GPKG", ".gpkg"), "img": translated("HFA", ".img"),
}


@every_tool
def test_a_result_at_a_file_behind_an_input(identifier, inputs):
    """Each form of an input against a result of the tool; tables and features against a GeoPackage."""
    given, context = _given(identifier, inputs), QgsProcessingContext()
    for name in rasters_of(identifier, given):
        for number, (form, make) in enumerate(FORMS.items()):
            folder = inputs.parent / f"{name} {form}"
            folder.mkdir()
            source, target = make(files_of(given[name])[0], folder)
            able = [
                result for result in results_of(identifier)
                if result not in folders_of(identifier) and (form == "gpkg" or result not in sinks_of(identifier))
            ]
            if not Path(source).exists():  # QGIS knows it as a layer only
                if takes_files(identifier, name):
                    continue
                source = QgsRasterLayer(source, Path(target).stem, "gdal")
                assert source.isValid()
            for result in able if form == "gpkg" else able[number % len(able):][:1] if able else []:
                parameters = {**with_file(given, name, 0, source), result: target}
                assert "both an input and the result" in refused(identifier, parameters, folder, context=context)


@every_tool
def test_what_lies_beside_inputs_stays(identifier, inputs):
    """All results in the folder of the inputs, with the names of the inputs and other endings; each input has a style
    and notes of its own."""
    given = {**example(identifier, inputs), **needed(identifier, inputs.with_name("made elsewhere"))}
    files = [file for name in (*rasters_of(identifier, given), *sources_of(identifier, given))
             for file in files_of(given[name])]
    for file in files:
        style = Path(file).with_suffix(".qml")
        if not style.exists():
            style.write_text("<qgis><pipe/></qgis>" if file.endswith(".tif") else "<qgis><renderer-v2/></qgis>")
        Path(f"{file}.aux.xml").write_text("<PAMDataset/>", encoding="utf-8")
    before = contents(inputs)
    folder = inputs if not files else Path(files[0]).parent
    endings = {".tif": ".img", ".gpkg": ".geojson", ".csv": ".xlsx"}
    asked = {}
    for number, (result, target) in enumerate(destinations(identifier, folder).items()):
        if result in folders_of(identifier):
            continue
        stem = Path(files[number % len(files)]).stem if files else "new"
        asked[result] = str(folder / f"{stem}{endings.get(Path(target).suffix, Path(target).suffix)}")
    if len(set(asked.values())) < len(asked):  # more results than inputs
        asked = {result: path for path, result in {path: result for result, path in asked.items()}.items()}
    run(identifier, {**given, **{result: target for result, target in asked.items() if not Path(target).exists()}})
    after = contents(inputs)
    assert {name: after.get(name) for name in before} == before


@every_tool
def test_a_folder_of_results_that_is_the_folder_of_the_inputs(identifier, inputs):
    given = _given(identifier, inputs)
    files = [file for name in rasters_of(identifier, given) for file in files_of(given[name])]
    for name in folders_of(identifier):
        if files:
            refused(identifier, {**given, name: str(Path(files[0]).parent)}, inputs.parent)


@every_tool
def test_a_database_that_holds_more_is_not_replaced(identifier, province, tmp_path):
    path = str(tmp_path / "mine.gpkg")
    gdal.VectorTranslate(path, str(province / "regions.gpkg"), layerName="districts")
    assert QgsVectorLayer(path, "mine", "ogr").isValid()
    given, context = _given(identifier, province), QgsProcessingContext()
    for result in results_of(identifier):
        if result in folders_of(identifier):
            continue
        refused(identifier, {**given, result: path}, tmp_path, names=("'districts'", result), context=context)


@every_tool
def test_a_page_is_called_one(identifier, province, tmp_path):
    given, context = _given(identifier, province), QgsProcessingContext()
    for result, target in destinations(identifier, tmp_path).items():
        if target.endswith(".html"):
            for ending in (".png", ".pdf", ".csv"):
                parameters = {**given, result: str(tmp_path / f"chart{ending}")}
                assert ".html" in refused(identifier, parameters, tmp_path, names=(result,), context=context)
