"""What workers are forked with: all that it takes to execute a notebook."""

import gc

from aula.run.execute import execute

__all__ = ["execute"]

gc.freeze()  # forks share what is loaded, and nobody looks for circles in it as they end
