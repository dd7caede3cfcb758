"""Rasters as users, models and scripts give them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProject,
    QgsProperty,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterRange,
)
from testkit.http import serving
from testkit.netcdf import copied_to, write_netcdf
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.errors import InvalidParameter, UnreadableRaster
from nep_toolbox.framework.inputs import file_paths, loaded_rasters, raster_layers, why_unreadable
from nep_toolbox.raster.gdal_io import files_behind
from nep_toolbox.raster.series import bands_of

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def context():
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    yield context
    project.clear()


@pytest.fixture
def layer(raster, context):
    """A raster of a project, under a name of its own."""
    layer = QgsRasterLayer(raster, "my raster")
    context.project().addMapLayer(layer)
    return layer


def read(value, context, feedback=None) -> list:
    return [(each.name, each.path) for each in raster_layers(value, context, feedback or Feedback())]


def test_ways_of_giving_a_raster(raster, layer, context):
    by_path, of_project = [("npp_2001", raster)], [("my raster", raster)]
    other = write_raster(os.path.join(os.path.dirname(raster), "other_2002.tif"), np.zeros((3, 4)))
    assert read(other, context) == [("other_2002", other)]
    for value in (layer, "my raster", layer.id(), [layer], QgsProperty.fromValue("my raster")):
        assert read(value, context) == of_project, value
    assert read(raster, QgsProcessingContext()) == by_path
    assert read([other, [layer, other]], context) == [("other_2002", other), *of_project, ("other_2002", other)]
    for nothing in (None, "", [], [None, ""]):
        assert read(nothing, context) == []


def test_an_expression_that_gives_a_list(raster, context):
    assert [path for _name, path in read(QgsProperty.fromExpression(f"array('{raster}', '{raster}')"), context)] == [
        raster, raster,
    ]


def test_ranges_that_the_user_calls_missing(layer, context):
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(3, 5), QgsRasterRange(9, 9)])
    (plain,) = raster_layers(layer, context, Feedback())
    assert plain.missing_ranges == ((1, 3.0, 5.0), (1, 9.0, 9.0))


def test_the_loaded_layers_keep_their_styles(layer, context):
    (same,) = loaded_rasters("my raster", context)
    assert same.id() == layer.id() and same.renderer() is not None


def test_rasters_that_cannot_be_loaded(raster, tmp_path, context):
    (tmp_path / "text.tif").write_text("no raster")
    for bad in (str(tmp_path / "gone.tif"), str(tmp_path / "text.tif"), QgsRasterLayer("/gone.tif", "broken")):
        with pytest.raises(UnreadableRaster, match="is no raster that QGIS can load.*Choose a raster layer or give"):
            raster_layers([raster, bad], context, Feedback())
        assert "is no raster that QGIS can load" in why_unreadable([raster, bad], context)
    assert "'" + str(tmp_path / "gone.tif") + "'" in why_unreadable(str(tmp_path / "gone.tif"), context)
    assert why_unreadable([raster, raster], context) == why_unreadable(None, context) == ""


@pytest.fixture
def places(raster, tmp_path):
    """A raster in an archive and on a server, as GDAL opens them."""
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.write(raster, "inside_2001.tif")
    gdal.VSICurlClearCache()
    with serving(Path(raster).parent) as served:
        yield {"inside_2001": f"/vsizip/{tmp_path}/packed.zip/inside_2001.tif", "npp_2001": served.url("npp_2001.tif")}


def test_rasters_in_file_systems_of_gdal(raster, places, context):
    assert read(list(places.values()), context) == list(places.items())
    assert why_unreadable(list(places.values()), context) == ""
    assert [layer.id() for layer in loaded_rasters(places["npp_2001"], context)] == [
        layer.id() for layer in loaded_rasters(places["npp_2001"], context)
    ]
    for path in places.values():
        assert numbers(path).tolist() == numbers(raster).tolist()
        assert f"'{path}_' is no raster that QGIS can load" in why_unreadable(f"{path}_", context)


@pytest.mark.parametrize(("count", "named", "rest"), [(2, 2, ""), (5, 5, ""), (8, 5, "So it is with 3 more.")])
def test_all_that_cannot_be_loaded_are_told_at_once(raster, tmp_path, context, count, named, rest):
    gone = [str(tmp_path / f"gone_{number}.tif") for number in range(count)]
    said = why_unreadable([raster, *gone], context)
    assert [name for name in gone if f"'{name}'" in said] == gone[:named]
    assert said.endswith(rest) and said.count("is no raster that QGIS can load") == named


def test_files_need_not_be_layers(raster, layer, tmp_path, context):
    (tmp_path / "granule.hdf").write_text("no raster")
    given = [str(tmp_path / "granule.hdf"), layer, "my raster", str(tmp_path / "gone.hdf")]
    assert file_paths(given, context) == [str(tmp_path / "granule.hdf"), raster, raster, str(tmp_path / "gone.hdf")]
    assert file_paths(QgsProperty.fromValue(raster), context) == [raster]
    assert file_paths(None, context) == []


def test_options_for_opening_a_raster_reach_gdal(raster, context):
    """A world file beside the raster, which only counts where it is asked for."""
    with open(os.path.splitext(raster)[0] + ".tfw", "w", encoding="utf-8") as world:
        world.write("60\n0\n0\n-60\n700030\n3999970\n")
    layer = QgsRasterLayer(f"{raster}|option:GEOREF_SOURCES=WORLDFILE", "moved 2001", "gdal")
    assert layer.isValid() and layer.extent().xMinimum() == 700000
    (plain,) = raster_layers(layer, context, Feedback())
    assert plain.base_name == "npp_2001"
    (band,) = bands_of(plain)
    assert band.grid.transform == (700000, 60, 0, 4000000, 0, -60)
    (path,) = file_paths(layer, context)
    assert files_behind(path) and os.path.samefile(files_behind(path)[0], raster)
    (unmoved,) = bands_of(raster_layers(raster, context, Feedback())[0])
    assert unmoved.grid.transform[0] == 500000


# Layers that only QGIS can read ---------------------------------------------------------------------------------------


@pytest.fixture
def virtual(raster, context):
    """A layer of the provider virtualraster: three times another."""
    uri = (
        "?crs=EPSG:32650&extent=500000,3999910,500120,4000000&width=4&height=3&formula=%22r@1%22*3"
        f"&r:uri={raster}&r:provider=gdal"
    )
    layer = QgsRasterLayer(uri, "triple 2001", "virtualraster")
    assert layer.isValid() and layer.dataProvider().name() == "virtualraster"
    context.project().addMapLayer(layer)
    return layer


def test_a_layer_of_another_provider_is_copied(raster, virtual, context, tmp_path):
    feedback = Feedback()
    [(name, path)] = read(virtual, context, feedback)
    assert name == "triple 2001" and path.endswith(".tif")
    assert numbers(path).tolist() == (3 * numbers(raster)).tolist()
    assert feedback.infos == ["'triple 2001' (virtualraster) is copied to a temporary GeoTIFF first."]
    call(toy(), {"INPUT": [virtual], "MAP": str(tmp_path / "map.tif")}, context=context)
    assert numbers(tmp_path / "map.tif").tolist() == (6 * numbers(raster)).tolist()


@pytest.mark.parametrize("outcome", ["WriteError", "NoDataConflict"])
def test_a_copy_that_breaks_off(virtual, context, monkeypatch, outcome):
    """A server that stops to answer leaves half a file behind."""
    whole = QgsRasterFileWriter.writeRaster

    def half(self, *arguments):
        done = whole(self, *arguments)
        return type(done)({"WriteError": 6, "NoDataConflict": 5}[outcome])

    monkeypatch.setattr(QgsRasterFileWriter, "writeRaster", half)
    with pytest.raises(UnreadableRaster, match="'triple 2001' could not be copied from its provider 'virtualraster'"):
        read(virtual, context)


def test_a_layer_without_cells(context):
    class Picture:
        """A map of a server."""

        def dataProvider(self):  # noqa: N802
            return self

        def name(self):
            return "wms"

        def bandCount(self):  # noqa: N802
            return 0

        def xSize(self):  # noqa: N802
            return 0

    from nep_toolbox.framework.inputs import _plain

    with pytest.raises(InvalidParameter, match="'wms' comes from the provider 'wms' and has no cells of its own"):
        _plain(Picture(), context, Feedback())


# Variables in files ---------------------------------------------------------------------------------------------------


def test_a_variable_of_a_file_by_the_name_gdal_has_for_it(tmp_path, context):
    values = np.ones((2, 3, 4))
    path = write_netcdf(tmp_path / "era5.nc", {"t2m": (values, "K"), "tp": (values, "m")}, [15, 45])
    variable = f'NETCDF:"{path}":tp'
    assert read(variable, context) == [("era5 tp", variable)]
    said = why_unreadable(path, context)
    assert said == (
        f"'{path}' holds several variables: 't2m', 'tp'. Give one of them, as NETCDF:\"{path}\":t2m, or add it to the "
        "project and choose that layer."
    )
    assert "is no raster that QGIS can load" in why_unreadable(f'NETCDF:"{path}":gone', context)


def test_the_only_variable_of_a_file(tmp_path, context):
    one = write_netcdf(tmp_path / "a.nc", {"t2m": (np.ones((2, 3, 4)), "K")}, [15, 45], bounds=np.ones((2, 2)))
    path = copied_to(tmp_path / "era5.h5", one, "HDF5")
    assert read(path, context) == [("era5 t2m", f'HDF5:"{path}"://t2m')]


def test_names_that_qgis_cuts_at_the_first_dot(tmp_path, context):
    path = write_raster(tmp_path / "wc2.1_30s_tavg_01.tif", np.zeros((3, 4)))
    assert read(path, context) == [("wc2.1_30s_tavg_01", path)]
    assert read(QgsRasterLayer(path, "wc2"), context) == [("wc2.1_30s_tavg_01", path)]
    assert read(QgsRasterLayer(path, "warmth"), context) == [("warmth", path)]
