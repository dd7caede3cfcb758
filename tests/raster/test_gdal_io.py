"""What is kept of GDAL's errors."""

from __future__ import annotations

from nep_toolbox.raster.gdal_io import collected_errors


def test_an_error_is_one_line_and_the_first_cause_of_a_chain():
    with collected_errors() as messages:
        messages.append("() failed.\nMay be caused by: reading failed.\nMay be caused by: got 2640 bytes")
        messages.append("no such band")
        messages.append("")
    assert messages == ["got 2640 bytes", "no such band", "no reason given"]
