"""The QGIS project of a study: its layers, its map themes, and its maps as print layouts."""
