"""Sphinx reads this to build the documentation site; ``tools/docs.py`` gives it the sources."""

project = "missiongraph"
author = "the missiongraph editors"
language = "en"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "missiongraph"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
myst_heading_anchors = 4
myst_links_external_new_tab = False
# Decisions are found by their index and by search, not in the menu. No highlighter knows CSV or TriG.
suppress_warnings = ["toc.not_included", "misc.highlighting_failure"]
