"""Errors whose words people read on the hub's pages, each in their own language."""

from tornado.web import HTTPError

from aula.locale import Message


class SaidError(HTTPError):
    """An answer in words. JupyterHub shows `jupyterhub_message`, and our pages translate it."""

    def __init__(self, status: int, said: Message | str) -> None:
        super().__init__(status, str(said))
        self.jupyterhub_message = said
