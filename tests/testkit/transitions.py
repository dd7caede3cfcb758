"""nep:landcovertransition on maps of classes, and what its page shows."""

from __future__ import annotations

from testkit.pages import figures
from testkit.rasters import write_raster
from testkit.tools import destinations, run


def transition(folder, layers, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:landcovertransition", folder)
    run("nep:landcovertransition", {"INPUT": layers, **options, **paths}, feedback)
    return paths


def maps(folder, stack, years, **options) -> list:
    """A single-band raster of classes for each year."""
    return [write_raster(folder / f"cover_{year}.tif", plane, **options) for year, plane in zip(years, stack)]


def links(path) -> dict:
    """The links of the Sankey diagram on a page: (text of the source, text of the target) -> km2."""
    trace = figures(path)[0]["data"][0]
    names = [text.split(":")[0] for text in trace["node"]["customdata"]]
    link = trace["link"]
    return {
        (names[source], names[target]): value
        for source, target, value in zip(link["source"], link["target"], link["value"])
    }
