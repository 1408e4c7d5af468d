"""The far end of the Dialogflow clients: one bot, reached over gRPC and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.demo.far_ends.dialogflow.bot import Bot
from cxotel.demo.far_ends.dialogflow.methods import methods
from cxotel.demo.far_ends.dialogflow.rest import RestServer
from cxotel.demo.far_ends.dialogflow.rpc import RpcServer
from cxotel.demo.far_ends.faults import Faults
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.replies import Replies
from cxotel.demo.far_ends.wire import RequestLog

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


class DialogflowFarEnd:
    """Dialogflow CX and ES over loopback.

    Args:
        faults: What goes wrong, under the system name ``dialogflow`` and the operations
            ``detect_intent``, ``streaming_detect_intent``, ``server_streaming_detect_intent``,
            ``match_intent`` and ``fulfill_intent``, in both editions.
        bot: Who decides the turns.
        rest: Serve HTTP too.
        seed: Ids are the same in every run with the same seed.

    Attributes:
        received: Requests of all transports.
        replies: Scripted answers for all transports; see `RpcServer`.
        crashes: Tracebacks of the far end's own errors, which should be none.
    """

    def __init__(
        self,
        faults: Faults | None = None,
        *,
        bot: Bot | None = None,
        rest: bool = False,
        seed: str = "dialogflow",
    ) -> None:
        self.faults = Faults() if faults is None else faults
        self.bot = Bot() if bot is None else bot
        self.received = RequestLog()
        self.replies = Replies()
        self.crashes: list[str] = []
        procedures = methods(self.bot, Ids(seed))
        self._rpc = RpcServer(procedures, self.faults, self.received, self.replies, self.crashes)
        self._rest = RestServer(procedures, self.faults) if rest else None
        if self._rest is not None:
            self._rest.received, self._rest.replies = self.received, self.replies
            self._rest.crashes = self.crashes

    @property
    def target(self) -> str:
        """Host and port for a gRPC channel."""
        return self._rpc.target

    @property
    def url(self) -> str:
        """Where HTTP is served.

        Raises:
            RuntimeError: It is not: `rest` was not asked for.
        """
        if self._rest is None:
            raise RuntimeError("pass rest=True to serve HTTP too")
        return self._rest.url

    def start(self) -> Self:
        """Open the ports."""
        self._rpc.start()
        if self._rest is not None:
            self._rest.start()
        return self

    def stop(self) -> None:
        """Close the ports."""
        self._rpc.stop()
        if self._rest is not None:
            self._rest.stop()

    def clear(self) -> None:
        """Forget faults, scripts, sessions and requests."""
        self.faults.clear()
        self.bot.clear()
        self.received.clear()
        self.replies.clear()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()
