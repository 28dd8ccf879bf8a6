"""The processes of one server."""

import os
import signal
import socket
from pathlib import Path

import structlog
import uvicorn
from uvicorn.supervisors import Multiprocess

from kit.signals import let_go

log = structlog.get_logger(__name__)


class Workers(Multiprocess):
    """Keeps the processes alive, and forgets what the dead ones had open. What they have done goes on to count."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], *, figures: Path) -> None:
        """Take the folder where the processes keep their figures."""
        hangup = signal.getsignal(signal.SIGHUP)
        self._terminals = [handle for handle in (1, 2) if os.isatty(handle)]
        super().__init__(config, sockets)
        if hangup is signal.SIG_IGN:  # the library has taken it over
            signal.signal(signal.SIGHUP, hangup)
        self._figures = figures

    def handle_hup(self) -> None:
        """End when the terminal does. uvicorn would start the processes anew."""
        let_go(self._terminals)
        self.handle_term()

    def keep_subprocess_alive(self) -> None:
        """Replace those that died. uvicorn calls this twice a second, and after it has replaced or stopped some."""
        before = {str(process.pid) for process in self.processes}
        super().keep_subprocess_alive()
        living = {str(process.pid) for process in self.processes}
        for died in sorted(before - living):
            log.warning("a process died and was replaced", process=died)
        for file in self._figures.glob("gauge_live*.db"):  # as the library names them, with the process at the end
            if file.stem.rpartition("_")[2] not in living:
                file.unlink(missing_ok=True)
