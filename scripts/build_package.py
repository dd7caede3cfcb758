"""Build the zip that the QGIS plugin repository accepts, from a commit.

The bytes depend on the commit alone: files come from git and not from the working tree, in sorted order, with the
commit's time, and stored without compression, since compressed bytes differ between versions of zlib.
"""

from __future__ import annotations

import argparse
import configparser
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nep_toolbox.raster.parcel import write_zip  # noqa: E402

PLUGIN = "nep_toolbox"
LARGEST_BYTES = 25 * 1024 * 1024
REQUIRED_FILES = ("__init__.py", "metadata.txt", "LICENSE")
# Sources of translations: what QGIS reads is the compiled .qm beside them.
NOT_SHIPPED = (".ts",)


def git(repository: Path, *arguments: str) -> bytes:
    """Return what git prints."""
    return subprocess.run(["git", "-C", str(repository), *arguments], check=True, stdout=subprocess.PIPE).stdout


def files_of_commit(repository: Path, commit: str) -> dict[str, bytes]:
    """Read the files of the plugin folder as they are in ``commit``."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(git(repository, "archive", "--format=tar", commit, PLUGIN))) as archive:
        for member in archive.getmembers():
            if member.isdir() or member.name.endswith(NOT_SHIPPED):
                continue
            if not member.isfile():
                raise ValueError(f"{member.name} is neither a file nor a folder: a plugin holds no links")
            files[member.name] = archive.extractfile(member).read()
    return files


def version_of(files: dict[str, bytes]) -> str:
    """Return the version in the plugin's metadata."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read_string(files[f"{PLUGIN}/metadata.txt"].decode("utf-8"))
    return metadata["general"]["version"]


def contacts_missing(files: dict[str, bytes]) -> list[str]:
    """List what the plugin repository asks for and the metadata leave open while there is no public home."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read_string(files[f"{PLUGIN}/metadata.txt"].decode("utf-8"))
    return [key for key in ("email", "repository", "tracker") if not metadata["general"].get(key, "").strip()]


def problems(package: Path) -> list[str]:
    """List what the plugin repository would refuse in ``package``."""
    found = []
    if package.stat().st_size > LARGEST_BYTES:
        found.append(f"larger than {LARGEST_BYTES} bytes")
    with zipfile.ZipFile(package) as archive:
        entries = archive.infolist()
    names = {entry.filename for entry in entries}
    found += [f"missing {PLUGIN}/{name}" for name in REQUIRED_FILES if f"{PLUGIN}/{name}" not in names]
    if len(names) != len(entries):
        found.append("a name occurs twice")
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        mode = entry.external_attr >> 16
        if parts[0] != PLUGIN:
            found.append(f"{entry.filename}: outside of {PLUGIN}/")
        if ".." in parts or entry.filename.startswith("/"):
            found.append(f"{entry.filename}: leads out of the folder")
        if any(part.startswith(".") and part != ".." for part in parts):
            found.append(f"{entry.filename}: hidden")
        if "__pycache__" in parts or "__MACOSX" in parts or entry.filename.endswith((".pyc", ".pyo")):
            found.append(f"{entry.filename}: compiled or left over")
        if mode & 0o111:
            found.append(f"{entry.filename}: executable")
        if mode & 0o170000 == 0o120000:
            found.append(f"{entry.filename}: a link")
    return found


def build(repository: Path, commit: str, folder: Path) -> Path:
    """Build the package of ``commit`` in ``folder`` and return its path.

    Raises
    ------
    ValueError
        Where the plugin repository would refuse the package; no package is left then.
    """
    files = files_of_commit(repository, commit)
    timestamp = int(git(repository, "log", "-1", "--format=%ct", commit))
    package = folder / f"{PLUGIN}.{version_of(files)}.zip"
    write_zip(files, package, timestamp)
    refused = problems(package)
    if refused:
        package.unlink()
        raise ValueError("the plugin repository would refuse this package:\n  " + "\n  ".join(refused))
    return package


def main() -> None:
    """Build the package of a commit of this repository."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description="Build the zip of the plugin from a commit.")
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--output", type=Path, default=root / "dist")
    arguments = parser.parse_args()
    if git(root, "status", "--porcelain", "--", PLUGIN).strip():
        print(f"note: changes in {PLUGIN}/ that are not in {arguments.commit} stay out", file=sys.stderr)
    try:
        package = build(root, arguments.commit, arguments.output)
    except (ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")
    print(f"{package}: {package.stat().st_size} bytes")
    lacking = contacts_missing(files_of_commit(root, arguments.commit))
    if lacking:
        print(f"note: fill in {', '.join(lacking)} in metadata.txt before an upload: the repository asks for them")


if __name__ == "__main__":
    main()
