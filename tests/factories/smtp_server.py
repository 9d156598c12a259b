"""A real mail server for a test, on a free port of this machine: it takes letters, or answers as a test scripts it (RFC 5321)."""

import socketserver
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

HANG = "hang"
DROP = "drop"
LONGEST_HANG_SECONDS = 30.0


@dataclass(slots=True)
class SmtpServer:
    """Where it listens and what it took. `answers` are the lines with which it answers recipients of an address, each used up in turn, the
    last for good; `HANG` never answers, `DROP` closes the connection. `greeting` is what everybody hears first.
    """

    port: int = 0
    greeting: str = "220 localhost ready"
    answers: dict[str, list[str]] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    sessions: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def recipients(self) -> list[str]:
        """To whom the letters went that it took."""
        return [str(letter["To"]) for letter in self.taken]

    def answer_to(self, address: str) -> str:
        """The line for a recipient."""
        lines = self.answers.get(address, ["250 OK"])
        return lines.pop(0) if len(lines) > 1 else lines[0]


class _Session(socketserver.StreamRequestHandler):
    @property
    def of(self) -> SmtpServer:
        return self.server.of  # pyright: ignore[reportAttributeAccessIssue] - given to the server below

    def handle(self) -> None:
        self.of.sessions += 1
        self._say(self.of.greeting)
        if not self.of.greeting.startswith("220"):
            return
        while line := self.rfile.readline():
            word = line.decode("utf-8").strip()
            match word[:4].upper():
                case "EHLO" | "HELO" | "MAIL" | "RSET" | "NOOP":
                    self._say("250 OK")
                case "RCPT":
                    answer = self.of.answer_to(word.partition("<")[2].partition(">")[0])
                    if answer == DROP:
                        return
                    if answer == HANG:
                        self._hang()
                        return
                    self._say(answer)
                    if answer.startswith("421"):
                        return
                case "DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 OK")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 not here")

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.of.taken.append(message_from_bytes(b"".join(lines), policy=default))  # pyright: ignore[reportArgumentType]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _hang(self) -> None:
        ends_at = time.monotonic() + LONGEST_HANG_SECONDS
        while not self.of.closing.wait(0.05) and time.monotonic() < ends_at:
            pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def smtp_server() -> Generator[SmtpServer]:
    """Start one and stop it again."""
    of = SmtpServer()
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.of = of  # pyright: ignore[reportAttributeAccessIssue]
        of.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield of
        finally:
            of.closing.set()
            server.shutdown()
            thread.join()
