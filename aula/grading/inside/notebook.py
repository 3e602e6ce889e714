"""A notebook's shell without a kernel around it: it keeps what cells say instead of sending it."""

import asyncio
import builtins
import os
import sys
import tempfile
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from traitlets import Instance, Type
from traitlets.config import Config

from .outputs import Outputs, Stream, TooMuchError

DESCRIPTORS = (("stdout", 1), ("stderr", 2))


class Publisher(DisplayPublisher):
    """Keeps what is displayed."""

    shell: Any

    def publish(  # noqa: D102  IPython's
        self, data: Any, metadata: Any = None, *_: Any, transient: Any = None, update: bool = False, **__: Any
    ) -> None:
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        name = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.update(output, name)
        else:
            self.shell.outputs.show(output, name)

    def clear_output(self, wait: bool = False) -> None:  # noqa: D102  IPython's
        self.shell.outputs.clear(wait)


class Results(DisplayHook):
    """Keeps the value of a cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        """Write none: the number stands beside the result."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:  # noqa: D102  IPython's
        result = {"output_type": "execute_result", "execution_count": self.prompt_count, "data": format_dict}
        self.shell.outputs.show({**result, "metadata": md_dict or {}})

    def finish_displayhook(self) -> None:  # noqa: D102  IPython's
        self._is_active = False


class UnwiredZMQShell(ZMQInteractiveShell):
    """The shell of Jupyter's kernel, without the kernel: libraries see that they are in a notebook."""

    displayhook_class: Any = Type(Results)
    display_pub_class: Any = Type(Publisher)
    outputs = Instance(Outputs, args=(0,))
    """Where everything is kept."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no window to draw in."""

    def ask_exit(self) -> None:
        """End, as the kernel would."""
        os._exit(0)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outputs.fail(etype.__name__, str(evalue), stb)


def begin() -> None:
    """Make the one shell of this process, and load what draws figures in it."""
    settings = Config()
    settings.HistoryManager.enabled = False  # it would begin a thread
    UnwiredZMQShell.instance(config=settings)


class Notebook:
    """The notebook that this process runs."""

    def __init__(self, most_mb: int) -> None:
        self._outputs = Outputs(most_mb)
        self._shell: Any = UnwiredZMQShell.instance()
        self._shell.outputs = self._outputs
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._written = {}
        for name, number in DESCRIPTORS:
            self._written[name] = written = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115  as long as the process
            os.dup2(written.fileno(), number)
            setattr(sys, name, Stream(self._outputs, name, number))
        builtins.input = _no_input

    @property
    def names(self) -> dict[str, Any]:
        """The names that the cells have bound."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell; return its outputs, and whether it failed."""
        self._outputs.begin()
        shell = self._shell
        try:
            cell, wrong = shell.transform_cell(source), None
        except Exception:  # noqa: BLE001  whatever it is: the shell shows it with the cell
            cell, wrong = source, sys.exc_info()
        running = shell.run_cell_async(source, store_history=True, transformed_cell=cell, preprocessing_exc_tuple=wrong)
        result = self._loop.run_until_complete(running)
        shell.events.trigger("post_execute")  # figures are shown now
        shell.events.trigger("post_run_cell", result)
        failed = not result.success
        try:
            self._say_written()
        except TooMuchError as error:
            self._outputs.fail(type(error).__name__, str(error), [str(error)])
            failed = True
        return {"outputs": self._outputs.told(), "failed": failed}

    def _say_written(self) -> None:
        """Say what programs that the cell started have written. Raise TooMuchError where it is too much."""
        for name, file in self._written.items():
            if size := os.fstat(file.fileno()).st_size:
                text = os.pread(file.fileno(), min(size, max(self._outputs.left, 0) + 1), 0).decode(errors="replace")
                os.ftruncate(file.fileno(), 0)
                self._outputs.say(name, text)


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError("a notebook that is graded cannot ask for input")
