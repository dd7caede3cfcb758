"""Whole paths in a project file are made relative, and nothing else is touched."""

from __future__ import annotations

import zipfile

from nep_toolbox.layouts.relative import make_relative


def test_sources_begin_at_the_project(tmp_path):
    path = tmp_path / "project.qgz"
    text = '<Layer source="/home/研究 &amp; a/rasters/a.tif|x"/><p>/home/other</p><Layer source="/home/b/c.tif"/>'
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("project.qgs", text)
        file.writestr("project.qgd", b"\x00\xff")
    make_relative(str(path), "/home/研究 & a")
    with zipfile.ZipFile(path) as file:
        assert file.read("project.qgs").decode() == text.replace("/home/研究 &amp; a/", "./")
        assert file.read("project.qgd") == b"\x00\xff"
        assert file.testzip() is None
    assert [each.name for each in tmp_path.iterdir()] == ["project.qgz"]
