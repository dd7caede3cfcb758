"""The package is what the plugin repository accepts, and the same from the same commit."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from build_package import build, contacts_missing, problems

PROJECT = Path(__file__).resolve().parents[2]
PLUGIN = "nep_toolbox"
# Nothing of the user's own git settings takes part.
GIT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2024-05-06T07:08:09+02:00",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": "2024-05-06T07:08:09+02:00",
}


def git(repository: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(repository), *arguments], check=True, env=GIT, stdout=subprocess.DEVNULL)


def commit(repository: Path) -> None:
    git(repository, "init", "--quiet")
    git(repository, "add", "--all", "--force")
    git(repository, "commit", "--quiet", "--message", "state")


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """The plugin as it stands here, committed to a repository of its own."""
    folder = tmp_path_factory.mktemp("repository")
    leftovers = shutil.ignore_patterns("__pycache__", "*.pyc", "*.aux.xml")
    shutil.copytree(PROJECT / PLUGIN, folder / PLUGIN, ignore=leftovers)
    (folder / "README.md").write_text("not shipped", encoding="utf-8")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def package(repository, tmp_path_factory) -> Path:
    return build(repository, "HEAD", tmp_path_factory.mktemp("dist"))


@pytest.fixture
def small(tmp_path) -> Path:
    """A repository with the least that is a plugin."""
    folder = tmp_path / "small"
    (folder / PLUGIN).mkdir(parents=True)
    for name, text in {"__init__.py": "", "LICENSE": "GPL", "metadata.txt": "[general]\nversion=1.2.3\n"}.items():
        (folder / PLUGIN / name).write_text(text, encoding="utf-8")
    return folder


def test_accepted(package):
    assert problems(package) == []


def test_holds_the_plugin_and_nothing_else(package, repository):
    tracked = {
        path.relative_to(repository).as_posix()
        for path in (repository / PLUGIN).rglob("*")
        if path.is_file() and path.suffix != ".ts"
    }
    with zipfile.ZipFile(package) as archive:
        assert set(archive.namelist()) == tracked
        assert archive.testzip() is None


def test_same_bytes_from_a_clone_made_later(package, repository, tmp_path):
    clone = tmp_path / "数据 空格"
    subprocess.run(["git", "clone", "--quiet", str(repository), str(clone)], check=True, env=GIT)
    for path in (clone / PLUGIN).rglob("*"):
        os.utime(path, (1, 1))
    again = build(clone, "HEAD", tmp_path)
    assert again.name == package.name
    assert again.read_bytes() == package.read_bytes()


def test_name_and_time(small, tmp_path):
    commit(small)
    package = build(small, "HEAD", tmp_path)
    assert package.name == "nep_toolbox.1.2.3.zip"
    with zipfile.ZipFile(package) as archive:
        # 07:08:09 at +02:00, in UTC and in the zip's steps of two seconds
        assert {entry.date_time for entry in archive.infolist()} == {(2024, 5, 6, 5, 8, 8)}


def test_what_is_not_committed_stays_out(small, tmp_path):
    commit(small)
    first = build(small, "HEAD", tmp_path / "first").read_bytes()
    (small / PLUGIN / "new.py").write_text("x = 1", encoding="utf-8")
    (small / PLUGIN / "__init__.py").write_text("changed", encoding="utf-8")
    assert build(small, "HEAD", tmp_path / "second").read_bytes() == first


def test_executable_sources_are_shipped_plain(small, tmp_path):
    source = small / PLUGIN / "__init__.py"
    source.chmod(source.stat().st_mode | stat.S_IXUSR)
    commit(small)
    with zipfile.ZipFile(build(small, "HEAD", tmp_path)) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_sources_of_translations_stay_out(small, tmp_path):
    (small / PLUGIN / "i18n").mkdir()
    for name in ("nep_zh.ts", "nep_zh.qm"):
        (small / PLUGIN / "i18n" / name).write_text("x", encoding="utf-8")
    commit(small)
    with zipfile.ZipFile(build(small, "HEAD", tmp_path)) as archive:
        assert [name for name in archive.namelist() if "i18n" in name] == [f"{PLUGIN}/i18n/nep_zh.qm"]


@pytest.mark.parametrize("name", [".hidden", "__pycache__/a.pyc", "a.pyc", ".github/workflow.yml"])
def test_a_file_the_repository_refuses_stops_the_build(small, tmp_path, name):
    path = small / PLUGIN / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x", encoding="utf-8")
    commit(small)
    with pytest.raises(ValueError, match="refuse"):
        build(small, "HEAD", tmp_path / "dist")
    assert list((tmp_path / "dist").iterdir()) == []


def test_a_link_stops_the_build(small, tmp_path):
    (small / PLUGIN / "link.txt").symlink_to("metadata.txt")
    commit(small)
    with pytest.raises(ValueError, match="link"):
        build(small, "HEAD", tmp_path / "dist")


@pytest.mark.parametrize(
    ("name", "mode", "word"),
    [
        ("other/file.py", 0o100644, "outside"),
        (f"{PLUGIN}/../file.py", 0o100644, "leads out"),
        (f"{PLUGIN}/.DS_Store", 0o100644, "hidden"),
        (f"{PLUGIN}/a.pyc", 0o100644, "compiled"),
        ("__MACOSX/a", 0o100644, "left over"),
        (f"{PLUGIN}/run.py", 0o100755, "executable"),
        (f"{PLUGIN}/link", 0o120777, "a link"),
    ],
)
def test_problems_are_found(package, tmp_path, name, mode, word):
    bad = tmp_path / "bad.zip"
    shutil.copy(package, bad)
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr(entry, "x")
    assert any(word in problem for problem in problems(bad))


def test_missing_files_are_found(tmp_path):
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w"):
        pass
    assert [problem.split("/")[-1] for problem in problems(empty)] == ["__init__.py", "metadata.txt", "LICENSE"]


def test_qgis_process_lists_the_tools_of_the_unpacked_package(package, tmp_path):
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        pytest.skip("qgis_process is not installed")
    plugins = tmp_path / "plugins"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(plugins)
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(plugins),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"),
        "QT_QPA_PLATFORM": "offscreen",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, encoding="utf-8", timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("plugins", "enable", PLUGIN)
    provider = json.loads(run("--json", "list"))["providers"]["nep"]
    assert {"nep:productivity", "nep:respiration", "nep:trend", "nep:sampledata"} <= set(provider["algorithms"])


def test_contacts_that_are_left_open_are_named():
    text = "[general]\nversion=1\nemail=\nrepository=https://a.org/b\n"
    assert contacts_missing({f"{PLUGIN}/metadata.txt": text.encode()}) == ["email", "tracker"]
