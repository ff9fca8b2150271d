"""A request's head has a size: what is longer is refused while it arrives, and never gathered in memory."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chenyue.core.bodies import HEAD

REFUSED = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """uvicorn's, which by itself gathers a head of any length before anybody sees it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = False  # a head has begun and isn't over
        self._head = 0  # bytes of it, without those that it began with: a body may have ended in them

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too long."""
        goes_on = self._open
        super().data_received(data)
        self._head = self._head + len(data) if goes_on and self._open else 0
        if self._head > HEAD and not self.transport.is_closing():
            self.transport.write(REFUSED)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._open = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is over."""
        self._open = False
        super().on_headers_complete()
