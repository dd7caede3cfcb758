"""What can be known of persistence, breaks, seasons, the causes of trends, the carbon ledger and the factors of a map:
write the tables and pictures of docs/persistence.md, docs/attribution.md, docs/ledger.md, docs/detector.md and
docs/validation.md anew.

    python scripts/evidence.py [--only NAME ...]

Names: see TABLES and PICTURES. A table stands in its page between ``<!-- evidence NAME -->`` and ``<!-- end -->``. The
real series lie in the folder NEP_SHARED, by default ../shared beside the project.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))  # for the kernels of nep_toolbox

import evidence_attribution  # noqa: E402
import evidence_choice  # noqa: E402
import evidence_detector  # noqa: E402
import evidence_drivers  # noqa: E402
import evidence_errors  # noqa: E402
import evidence_ledger  # noqa: E402
import evidence_noise  # noqa: E402
import evidence_q_interval  # noqa: E402
import evidence_rain  # noqa: E402
import evidence_search  # noqa: E402
import evidence_series  # noqa: E402
import evidence_sizes  # noqa: E402
import evidence_spots  # noqa: E402

DOCS = PROJECT / "docs"

#: Name of a table -> its page, and what gives its head and its rows.
TABLES = {
    "shares": ("persistence.md", evidence_noise.shares),
    "usual": ("persistence.md", evidence_series.usual_and_known),
    "power": ("persistence.md", evidence_noise.power),
    "rest": ("attribution.md", evidence_attribution.rest),
    "years": ("attribution.md", evidence_attribution.rest_power),
    "rain": ("attribution.md", evidence_rain.of_rain),
    "variability": ("ledger.md", evidence_ledger.variabilities),
    "draws": ("ledger.md", evidence_errors.spread_rows),
    "coverage": ("ledger.md", evidence_errors.coverages),
    "effects": ("ledger.md", evidence_ledger.landcover_effects),
    "detector_choices": ("detector.md", evidence_detector.choices),
    "detector_scales": ("detector.md", evidence_detector.scales),
    "sizes": ("validation.md", evidence_sizes.sizes),
    "driver_sizes": ("validation.md", evidence_drivers.driver_sizes),
    "false_spots": ("validation.md", evidence_spots.false_spots),
    "classes_chosen": ("validation.md", evidence_choice.classes_chosen),
    "q_intervals": ("validation.md", evidence_q_interval.coverages),
    "search_sizes": ("validation.md", evidence_search.search_sizes),
    "search_smooth": ("validation.md", evidence_search.search_smooth),
    "hindcasts": ("validation.md", evidence_series.hindcasts),
}
#: Name of a picture -> its page.
PICTURES = {
    **dict.fromkeys(("persistence-noise", "persistence-lai", "persistence-hindcast"), "persistence.md"),
    **dict.fromkeys(("attribution-planted", "attribution-province", "attribution-rain"), "attribution.md"),
}


def markdown(head: tuple, rows: list) -> str:
    """A table as Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def table_in_page(name: str) -> re.Pattern:
    """What matches a table in its page: the mark before it, the table, and the mark behind it, as groups."""
    return re.compile(rf"(<!-- evidence {name} -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def write(name: str, docs: Path = DOCS) -> None:
    """Make a table anew and put it into its page."""
    page, make = TABLES[name]
    path = docs / page
    text = path.read_text(encoding="utf-8")
    if len(table_in_page(name).findall(text)) != 1:
        sys.exit(f"{path}: there must be one table between <!-- evidence {name} --> and <!-- end -->.")
    made = markdown(*make())
    path.write_text(table_in_page(name).sub(lambda marks: f"{marks[1]}{made}\n{marks[3]}", text), encoding="utf-8")


def draw(name: str) -> None:
    """Draw a picture anew; matplotlib is imported where one is asked for."""
    import evidence_attribution_pictures
    import evidence_pictures

    pictures = {**evidence_pictures.PICTURES, **evidence_attribution_pictures.PICTURES}
    evidence_pictures.save(pictures[name](), name)


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[*TABLES, *PICTURES], choices=[*TABLES, *PICTURES], metavar="NAME")
    for name in parser.parse_args().only:
        print(f"==> {name}", file=sys.stderr, flush=True)
        if name in TABLES:
            write(name)
        else:
            draw(name)


if __name__ == "__main__":
    main()
