"""How much may be handed in, and how often."""

from datetime import timedelta

MOST_BYTES = 100_000_000
"""Bytes that all files of one hand-in may have."""
MOST_FILES = 1000
"""Files that one hand-in may have, and folders."""
DEEPEST_FOLDER = 10
"""Folders within one another."""
LONGEST_NAME = 200
"""Bytes of a file's or a folder's name."""
MOST_NOTEBOOK_BYTES = 20_000_000
"""Bytes of a notebook."""
DEEPEST_JSON = 100
"""Lists and objects within one another in a notebook."""
MOST_VALUES = 2_000_000
"""Values in a notebook: what is read takes many times the memory of its text."""
MOST_CELLS = 10_000
"""Cells of a notebook."""
MOST_A_DAY = 64
"""Hand-ins of one person for one assignment."""
DAY = timedelta(days=1)
SAME_WITHIN = timedelta(minutes=1)
"""For so long the same again is a retry, and no second hand-in."""
