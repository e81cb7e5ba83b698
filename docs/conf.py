"""How Sphinx builds the manual: ``make docs``."""

from __future__ import annotations

import sys
from pathlib import Path

import tenon

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "tenon"
author = "The tenon developers"
project_copyright = "The tenon developers, Apache-2.0"
release = version = tenon.__version__

extensions = [
    "sphinx.ext.autodoc",
    "numpydoc",
    "myst_parser",
    "generated_tables",
    "mathml",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["extensions", "static"]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Numpydoc loads autosummary, which this manual does not use.
autosummary_generate = False
autodoc_member_order = "bysource"
# Types stand in the docstrings, where they carry shapes and units.
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["manual.css"]
html_math_renderer = "mathml"
html_title = f"tenon {version}"
html_show_sphinx = False
