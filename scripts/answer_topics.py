"""What of a study of the sample province must be what, topic by topic.

Each topic is a generator over the study and the known answers. It yields what is compared, what was found, what must be
there, and, where it may be off by more than its digits allow, by how much; the docstring says why.
"""

from __future__ import annotations

import math
import statistics

import numpy as np

#: The part of the known answers that holds for annual climate in its monthly-equivalent form.
FORM = "annual_monthly_equivalent"


def tolerance(number: float) -> float:
    """A millionth, and half a unit of the sixth digit."""
    return 0.0 if number == 0 else abs(number) * 1e-6 + 0.5 * 10.0 ** (math.floor(math.log10(abs(number))) - 5)


def _pairs(values):
    """Neighbours in order."""
    values = list(values)
    return zip(values, values[1:])


def grid(study, known):
    """Size and place; area of the polygons on the ellipsoid, off from map units by at most 0.1 %."""
    whole, place = known["grid"], study.settings["place"]
    dataset = study.opened("nep")
    yield "columns", dataset.RasterXSize, whole["cols"]
    yield "rows", dataset.RasterYSize, whole["rows"]
    yield "bands", dataset.RasterCount, len(list(whole["years"]))
    for number, (found, expected) in enumerate(zip(dataset.GetGeoTransform(), whole["geotransform"])):
        yield f"geotransform {number}", found, expected
    yield "cell", place["cell"], whole["cell_size_m"]
    yield "CRS", place["crs"], f"EPSG:{whole['epsg']}"
    yield "area of the regions (km2)", study.fact("f1", "area_km2"), whole["area_km2"], 1e-3 * whole["area_km2"]
    changed = study.raster("landcover_change")
    yield "pixels with land cover", int(np.isfinite(changed).sum()), whole["pixels"]
    yield "pixels with NEP", study.fact("f1", "pixels"), known[FORM]["drivers"]["pixels"]
    for name in "abcde":
        yield f"coefficient {name}", study.settings["options"][name], known["respiration"][name]


def annual(study, known):
    """The rows of each year, and the extremes of the pixels in the raster, off by Float32 of NPP."""
    rows, bands = study.table("fig02_annual", "year"), study.raster("nep")
    inputs, forms = known["annual"].by("year"), known[FORM]["annual"].by("year")
    for band, (key, base) in zip(bands, inputs.items()):
        row, form, respiration = rows.get(key, {}), forms[key], base["respiration_mean"][FORM]
        yield f"mean by NPP and respiration {key[0]}", form["mean"], base["nep_mean"][FORM]
        expected = {
            "pixels": base["pixels"], "area_km2": base["area_km2"], "mean": form["mean"], "std": form["std"],
            "total_tg": form["total_tg"], "total": 1e12 * form["total_tg"], "npp": base["npp_mean"],
            "rh": respiration, "rh_of_npp_percent": 100.0 * respiration / base["npp_mean"],
            "precipitation": base["precipitation_mean"], "temperature": base["temperature_mean"],
        }
        for name, value in expected.items():
            yield f"{name} {key[0]}", row.get(name), value
        yield f"smallest pixel {key[0]}", float(np.nanmin(band)), form["min"], 1e-4
        yield f"largest pixel {key[0]}", float(np.nanmax(band)), form["max"], 1e-4
    totals = [form["total_tg"] for form in forms.values()]
    yield "mean total (Tg)", study.fact("f2", "total_tg"), statistics.mean(totals)


def trends(study, known):
    """Level and trend of the annual means, of NEP and of what it is made from."""
    known_slopes = known[FORM]["multi_year"]
    rows = study.table("fig02_summary", "variable")
    for name, means in _series(known).items():
        row = rows.get((name,), {})
        years, values = list(means), list(means.values())
        mean = statistics.mean(values)
        expected = {
            "mean": mean, "cv": 100.0 * statistics.stdev(values) / mean, "slope": _line(years, values),
            "sen_slope": statistics.median((b - a) / (v - u) for u, a in means.items() for v, b in means.items()
                                           if v > u),
            "min": min(values), "min_year": min(means, key=means.get),
            "max": max(values), "max_year": max(means, key=means.get),
            "years_above": sum(value > mean for value in values),
        }
        for what, value in expected.items():
            yield f"{what} of {name}", row.get(what), value
    row = rows.get(("nep",), {})
    facts = {"z": "z", "p": "p_value", "sen": "theil_sen_slope"}
    for column, key in {"mean": "mean_of_annual_means", "slope": "least_squares_slope", "sen_slope": "theil_sen_slope",
                        "z": "z", "p_mk": "p_value"}.items():
        yield column, row.get(column), known_slopes[key]
    for fact, key in facts.items():
        yield f"{fact} (results.json)", study.fact("f2", "trend", fact), known_slopes[key]
    yield "mean of the map", float(np.nanmean(study.raster("nep_mean"))), known_slopes["mean_of_pixel_means"]
    other = next((each for each in study.fact("head", "checks") or [] if each.get("check") == "forcing"), {})
    yield "mean by the other form", other.get("other_mean"), known["multi_year"]["mean_of_annual_means"]


def _series(known) -> dict:
    """Annual means by the name of the variable."""
    rows = {key[0]: row for key, row in known["annual"].by("year").items()}
    return {
        "nep": {key[0]: row["mean"] for key, row in known[FORM]["annual"].by("year").items()},
        "npp": {year: row["npp_mean"] for year, row in rows.items()},
        "rh": {year: row["respiration_mean"][FORM] for year, row in rows.items()},
        "precipitation": {year: row["precipitation_mean"] for year, row in rows.items()},
        "temperature": {year: row["temperature_mean"] for year, row in rows.items()},
    }


def _line(x: list, y: list) -> float:
    """Least-squares slope."""
    mean_x, mean_y = statistics.mean(x), statistics.mean(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def stages(study, known):
    """Extremes, changes and stages of the annual means."""
    means = _series(known)["nep"]
    low, high = min(means, key=means.get), max(means, key=means.get)
    for what, year in (("min", low), ("max", high)):
        yield what, study.fact("f2", what), means[year]
        yield f"{what} year", study.fact("f2", f"{what}_years", 0, "years", 0), year
    changes = {after: means[after] - means[before] for before, after in _pairs(means)}
    for what, pick in (("rise", max), ("fall", min)):
        year = pick(changes, key=changes.get)
        yield f"year of the largest {what}", study.fact("f2", what, "year"), year
        yield f"largest {what}", study.fact("f2", what, "change"), changes[year], 2 * tolerance(means[year])
    before = None
    for row in study.settings["stages"]:
        mean = statistics.mean(value for year, value in means.items() if row[0] <= year <= row[1])
        found = study.table("fig02_stages", "from_year", "to_year").get(tuple(row), {})
        yield f"mean {row[0]}-{row[1]}", found.get("mean"), mean
        if before:
            yield f"change {row[0]}-{row[1]} (%)", found.get("change_percent"), 100.0 * (mean / before - 1.0), 1e-4
        before = mean


def budget(study, known):
    """Sinks, sources and their balance by region and year, as they are in Float32; they close as they are written."""
    rows = study.table("fig02_budget", "region", "year")
    for key, each in known[FORM]["ledger"]["budget"].by("region", "year").items():
        row, sink, source = rows.get(key, {}), each["sink_tg"], each["source_tg"]
        off = 1e-6 * (sink - source)
        yield f"pixels of {key[0]} in {key[1]}", row.get("pixels"), each["pixels"]
        for name in ("sink_area_km2", "source_area_km2"):
            yield f"{name} of {key[0]} in {key[1]}", row.get(name), each[name]
        for name, must in (("sink_tg", sink), ("source_tg", source), ("net_tg", each["net_tg"])):
            yield f"{name} of {key[0]} in {key[1]}", row.get(name), must, off
        if row:
            yield f"balance of {key[0]} in {key[1]}", row["sink_tg"] + row["source_tg"], row["net_tg"], 1e-9 * off


def sources_and_sinks(study, known):
    """Pixels by the sign of the mean of the years, and whether it differs from 0: of the table and of the map."""
    wanted = known[FORM]["ledger"]["sources_and_sinks"]
    rows, classes = study.table("fig03_sinks", "region", "class"), study.raster("source_sink_class")
    for code in wanted["class_pixels"].part:
        pixels = wanted["class_pixels"][code]
        yield f"pixels of the class {code}", rows.get(("all", int(code)), {}).get("pixels"), pixels
        yield f"pixels of the class {code} in the map", int((classes == int(code)).sum()), pixels
    yield "pixels with a class", int(np.isfinite(classes).sum()), wanted["pixels"]


def landcover_effect(study, known):
    """What the change of land cover did to the total, of NEP in Float32, and what happened within the classes."""
    wanted = known[FORM]["landcover_effect_averaged"]
    rows, totals = study.table("fig09b_effect", "region", "from", "to"), study.table("fig09b_effect_total", "region")
    pairs = wanted["transitions"].by("from", "to")
    off = 1e-7 * sum(abs(each["change_tg"]) for each in pairs.values())
    whole = totals.get(("all",), {})
    for name in ("from_year", "to_year", "pixels"):
        yield name, whole.get(name), wanted[name]
    for key, each, row in (*((key, each, rows.get(("all", *key), {})) for key, each in pairs.items()),
                           (("all", "all"), wanted, whole)):
        yield f"pixels {key[0]} to {key[1]}", row.get("pixels"), each["pixels"]
        for name in ("change_tg", "land_use_tg", "density_tg"):
            must = each[name]
            yield f"{name} {key[0]} to {key[1]}", row.get(name), must, 1e-5 * abs(must) + off
        for end, code in zip(("from", "to"), key):
            if code != "all":
                density = wanted["density"][str(code)]
                yield f"density_{end} {key[0]} to {key[1]}", row.get(f"density_{end}"), density


def regions(study, known):
    """Means, totals, ranks, trends, and how often each region rose and fell."""
    table, counts = study.table("fig03_regions", "region"), study.table("fig04_frequency", "region")
    places = known[FORM]["regions"].by("name")
    means, totals = {}, {}
    for key, place in places.items():
        rows = list(place["annual"])
        per_pixel = place["area_km2"] / place["pixels"]
        means[key] = statistics.mean(row["nep_mean"] for row in rows)
        totals[key] = statistics.mean(row["nep_mean"] * row["pixels"] * per_pixel for row in rows) / 1e6
    for key, place in places.items():
        row, values = table.get(key, {}), [each["nep_mean"] for _, each in sorted(place["annual"].by("year").items())]
        area = statistics.mean(each["pixels"] for each in place["annual"]) * place["area_km2"] / place["pixels"]
        changes = [after - before for before, after in _pairs(values)]
        expected = {
            "area_km2": area, "mean": means[key], "total_tg": totals[key],
            "share_percent": 100.0 * totals[key] / sum(totals.values()),
            "rank": 1 + sum(other > means[key] for other in means.values()),
            "sen_slope": place["theil_sen_slope"], "p_mk": place["p_value"],
        }
        for name, value in expected.items():
            yield f"{name} of {key[0]}", row.get(name), value
        for name, count in (("increases", sum(each > 0 for each in changes)),
                            ("decreases", sum(each < 0 for each in changes)), ("comparisons", len(changes))):
            yield f"{name} of {key[0]}", counts.get(key, {}).get(name), count
    ranked = sorted(means, key=means.get, reverse=True)
    for what, order in (("highest", ranked), ("lowest", ranked[::-1])):
        for place, key in enumerate(order[:2]):
            yield f"{what} {place + 1}", study.fact("f3", what, place, "name"), key[0]


def centres(study, known):
    """Centres of gravity, and what follows from them; distances in map units are 0.05 % off, azimuths by 2 degrees."""
    known_centres = known[FORM]["gravity"]
    rows = study.table("fig05_centers", "region", "year")
    points = study.centres()
    path = {each["year"]: (each["x"], each["y"]) for each in known_centres["centres"]}
    for year, (x, y) in path.items():
        row = rows.get(("all", year), {})
        yield f"x {year}", row.get("x"), x
        yield f"y {year}", row.get("y"), y
        yield f"x {year} (study.gpkg)", points.get(year, (None, None))[0], x, 0.05
        yield f"y {year} (study.gpkg)", points.get(year, (None, None))[1], y, 0.05
    moves = {b: math.dist(path[a], path[b]) / 1e3 for a, b in _pairs(path)}
    first, last = (path[pick(path)] for pick in (min, max))
    for year, km in moves.items():
        yield f"distance {year} (km)", rows.get(("all", year), {}).get("distance_km"), km, 5e-4 * km
    for fact, km in (("path_km", sum(moves.values())), ("net_km", math.dist(first, last) / 1e3),
                     ("mean_km", statistics.mean(moves.values()))):
        yield fact, study.fact("f5", "centre", fact), km, 5e-4 * km
    for fact, pick in (("least", min), ("most", max)):
        yield f"year of the {fact}", study.fact("f5", "centre", fact, "year"), pick(moves, key=moves.get)
    azimuth = math.degrees(math.atan2(last[0] - first[0], last[1] - first[1])) % 360.0
    yield "azimuth of the whole", study.fact("f5", "centre", "net_azimuth"), azimuth, 2.0
    drift = [_line(list(points), [point[axis] for point in points.values()]) for axis in (0, 1)]
    for axis, value in enumerate(known_centres["drift_m_per_year"]):
        yield f"drift along {'xy'[axis]} (m a year)", drift[axis], value, 0.01
    yield "azimuth of the drift", math.degrees(math.atan2(*drift)) % 360.0, known_centres["drift_grid_azimuth"], 0.01
    common = int(np.isfinite(study.raster("nep")).all(axis=0).sum())
    yield "pixels with NEP in every year", common, known_centres["pixels"]


def correlation(study, known):
    """r of the annual means."""
    rows, series = study.table("fig07_correlation", "variable", "driver"), _series(known)
    for driver in ("precipitation", "temperature"):
        expected = known[FORM]["correlation"][f"r_nep_{driver}"]
        yield f"NEP with {driver}", rows.get(("nep", driver), {}).get("r"), expected
        npp = float(np.corrcoef(list(series["npp"].values()), list(series[driver].values()))[0, 1])
        yield f"NPP with {driver}", rows.get(("npp", driver), {}).get("r"), npp


def landcover(study, known):
    """Areas and transitions."""
    cover, areas = known["landcover"], study.table("fig08_areas", "year", "class")
    dates = list(cover["dates"])
    yield "dates", study.settings["lc_years"], dates
    for key, each in cover["areas"].by("year", "class").items():
        for name in ("pixels", "area_km2"):
            yield f"{name} of class {key[1]} in {key[0]}", areas.get(key, {}).get(name), each[name]
    keys = ("from_year", "to_year", "from_class", "to_class")
    found = study.table("fig08_transitions", *keys)
    for key, each in cover["transitions"].by(*keys).items():
        for name in ("pixels", "area_km2"):
            yield f"{name} {key[2]} to {key[3]}, {key[0]}-{key[1]}", found.get(key, {}).get(name), each[name]
    largest = study.table("fig08_largest", "from_class", "to_class")
    cell = known["grid"]["cell_size_m"] ** 2 / 1e6
    for plan in cover["conversions_per_year"]:
        pixels = min(plan["per_year"] * (dates[-1] - dates[0]), plan["total"])
        key = (plan["source"], plan["target"])
        yield f"{key[0]} to {key[1]}, whole period", largest.get(key, {}).get("area_km2"), pixels * cell


def by_class(study, known):
    """NEP of each class at the dates of the land cover."""
    rows = study.table("fig09_annual", "year", "class")
    for key, each in known[FORM]["nep_by_class"].by("year", "class").items():
        for name in ("pixels", "area_km2", "mean", "total_tg"):
            yield f"{name} of class {key[1]} in {key[0]}", rows.get(key, {}).get(name), each[name]


def drivers(study, known):
    """Which two of the factors with a known q, that stand out, are strongest in every year, and which is weakest."""
    titles = {"PM2.5": "pm25"}
    wanted = known[FORM]["drivers"]
    rows = study.table("fig10_factors", "year", "factor")
    named = {key: titles.get(key[1], str(key[1]).lower()) for key in rows}
    order = [name for name in wanted["order"] if name in named.values()]
    for year in study.settings["detector_years"]:
        q = {named[key]: row["q"] for key, row in rows.items() if key[0] == year and named[key] in order}
        yield f"two strongest in {year}", sorted(sorted(q, key=q.get)[-2:]), sorted(order[:2])
        yield f"weakest in {year}", min(q, key=q.get, default=None), order[-1]


def attribution(study, known):
    """What of the trend of NPP follows the climate: of the annual means, and of the pixels by class and driver."""
    if "detrended" not in known["attribution"].part:
        return  # too few years
    wanted = known["attribution"]["detrended"]
    row = study.table("fig11_summary", "variable", "region").get(("npp", "all"), {})
    for name, column in (("slope", "slope"), ("slope_climate", "slope_climate"), ("slope_rest", "slope_residual"),
                         ("r_squared", "r2"), ("p_value", "p")):
        yield f"{name} of the annual means of NPP", row.get(column), wanted["annual_means"][name]
    areas = study.table("fig11_class_areas", "variable", "region", "class")
    found = {key[2]: row["pixels"] for key, row in areas.items() if key[:2] == ("npp", "all")}
    for code in wanted["class_pixels"].part:
        yield f"pixels of class {code} of NPP", found.get(int(code)), wanted["class_pixels"][code]
    yield "pixels of NPP", sum(count for code, count in found.items() if code), known["attribution"]["pixels"]
    for name, raster in (("slope_climate", "npp_slope_of_drivers"), ("slope_rest", "npp_slope_of_rest")):
        yield f"mean {name} of NPP", float(np.nanmean(study.raster(raster)[0])), wanted[name]
    rows = study.table("fig12_drivers", "variable", "region", "driver")
    for name in wanted["by_driver"].part:
        row, each = rows.get(("npp", "all", name), {}), wanted["by_driver"][name]
        yield f"mean partial r of {name}", row.get("mean_partial"), each["mean_partial_r"]
        yield f"mean contribution of {name}", row.get("mean_contribution"), each["mean_contribution"]
        for column, key in (("dominant_positive_percent", "dominant_positive_pixels"),
                            ("dominant_negative_percent", "dominant_negative_pixels"),
                            ("significant_percent", "significant_pixels")):
            yield f"{column} of {name}", row.get(column), 100.0 * each[key] / sum(found.values())


def patches(study, known):
    """Blocks whose trend is known exactly: every pixel of the maps."""
    maps = {name: study.raster(name)[0] for name in ("trend_slope", "trend_p", "trend_class", "increases", "decreases")}
    stack = study.raster("nep")
    keys = {"trend_slope": "theil_sen_slope", "trend_p": "p_value", "trend_class": "trend_class",
            "valid years": "valid_years"}
    for patch in known["patches"]:
        part = tuple(slice(patch[name][0], patch[name][1]) for name in ("rows", "cols"))
        valid = np.isfinite(stack[(slice(None), *part)])
        yield f"pixels, {patch['name']}", valid[0].size, patch["pixels"]
        found = {name: values[part] for name, values in maps.items()}
        found["valid years"] = valid.sum(axis=0)
        found["unchanged"] = (valid[1:] & valid[:-1]).sum(axis=0) - found["increases"] - found["decreases"]
        for name, values in found.items():
            expected = patch[keys.get(name, name)]
            if name.startswith("trend") and patch["trend_class"] is None:
                expected = None  # too few years
            for value in np.unique(values):
                is_, must = (None if each is None or math.isnan(each) else float(each) for each in (value, expected))
                yield f"{name}, {patch['name']}", is_, must


TOPICS = {
    "Grid and area": grid, "Annual values": annual, "Level and trend": trends, "Extremes and stages": stages,
    "Budget": budget, "Sources and sinks": sources_and_sinks, "Regions": regions, "Centre of gravity": centres,
    "Correlation": correlation, "Land cover": landcover, "NEP by land cover": by_class,
    "Effect of land cover": landcover_effect, "Factors": drivers, "Attribution and drivers": attribution,
    "Pixels of known trend": patches,
}
