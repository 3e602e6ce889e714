"""How Aula looks: colours, type and the few components that the hub's pages, the portal and the book are made of."""

from importlib.resources import files
from pathlib import Path

STATIC = Path(str(files("aula.look"))) / "static"
"""The folder of style sheets, script and pictures; whoever serves pages serves it too."""
