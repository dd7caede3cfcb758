"""Runs of nep:annualstatistics and the rows of its table."""

from __future__ import annotations

from testkit.tools import destinations, run, table


def statistics(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for that it can make; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:annualstatistics", folder)
    if "REGIONS" not in options:
        del paths["POLYGONS"]
    run("nep:annualstatistics", dict({"INPUT": layers}, **options, **paths), feedback)
    return paths


def by_region(path) -> dict:
    """Rows by (region, year)."""
    return {(row["region"], int(row["year"])): row for row in table(path)}
