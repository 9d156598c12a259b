"""The site: serve and worker."""

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption
from openkam.cli.site import site
from openkam.cli.streams import answer, aside
from openkam.config.environment import Environment
from openkam.config.prepare import prepare_site

subcommands = typer.Typer()
LARGEST_HEADERS_BYTES = 64 * 1024
THREADS = 3
"""Requests that one process answers at a time; more wait. Python works on one, the others wait for the database: with more of
them all take turns at Python and every answer comes late, with fewer Python waits too."""
TURN_SECONDS = 0.1
"""How long one request works on before Python lets another have a turn, unless it waits for the database: taking turns in
Python's usual 5 ms makes every answer come as late as the last."""
NEW_OBJECTS = 20_000
"""Objects made before unused ones are looked for: a page makes thousands, and all of them are gone when it is sent."""
BACKLOG = 128
"""Requests that wait in one process; beyond them new connections wait in the kernel."""
STOP_SECONDS = 30
BESIDE_NICENESS = 10
"""Pages come before the background work of the worker beside them."""
RESTART_SECONDS = 2
POLL_SECONDS = 0.1


@subcommands.command()
def serve(
    home: HomeOption = DEFAULT_HOME,
    host: Annotated[str, typer.Option("--host", help="The address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for a free one.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Server processes.")] = 1,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run a worker for background work beside the site.")
    ] = True,
) -> None:
    """Serve the site until Ctrl-C; makes and updates the workspace first."""
    with site(home) as environment:
        usable_port(host, port)  # before the work, because whoever mistyped it should not wait
        with aside.status("Preparing the workspace"):
            prepare_site(environment.home)
        port = usable_port(host, port)
        beside = WorkerBeside(environment.home) if with_worker else None
        serve_site(environment, host=host, port=port, workers=workers, beside=beside)


@subcommands.command()
def worker(
    home: HomeOption = DEFAULT_HOME,
    beside: Annotated[
        int | None, typer.Option("--beside", metavar="PID", help="Stop when the process that started this one is gone.")
    ] = None,
) -> None:
    """Do the background work until Ctrl-C: imports, reviews, schedules."""
    with site(home):
        if beside is not None:
            os.nice(BESIDE_NICENESS)
            threading.Thread(target=stop_when_orphaned, args=(beside,), daemon=True).start()
        keep_what_is_loaded()
        try:
            call_command("worker")
        finally:
            gc.unfreeze()  # the engine's libraries complain at the end about what was never let go


def usable_port(host: str, port: int) -> int:
    """The port to listen on; raises when it is taken or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            return trial.getsockname()[1]
    except OSError as error:
        raise OpenKamError(
            f"{host}:{port} cannot be listened on ({error.strerror or error}): name another with --host or --port."
        ) from error


def serve_site(
    environment: Environment,
    *,
    host: str,
    port: int,
    workers: int,
    beside: "WorkerBeside | None",
    has_computed: bool = False,
    greeting: str = "",
) -> None:
    """Run the server, and the worker beside it, until a signal ends both. `greeting` is said on stderr once the site is up.

    `has_computed`: the engine has worked in this process. Its threads do not live on in a copy of the process, which would wait for
    them for ever at its first computation; the server processes then start anew, which takes them some seconds.
    """
    multiprocessing.set_start_method("spawn" if has_computed else "fork", force=True)
    certificate, key = environment.tls or (None, None)
    server = Server(
        "openkam.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=LARGEST_HEADERS_BYTES * 8),
        log_enabled=False,  # every request is logged by the site itself, with its id and without secrets
        ssl_cert=certificate,
        ssl_key=key,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    address = address_to_open("https" if certificate else "http", host, port)
    server.on_startup(lambda: threading.Thread(target=say_when_up, args=(address, host, port, greeting), daemon=True).start())
    if beside:
        beside.start()
    try:
        server.serve(target_loader=partial(load_site, os.getpid()), wrap_loader=False)
    finally:
        if beside:
            beside.stop()


def load_site(parent: int) -> WSGIHandler:
    """The site in a server process, which ends when the process that started it is gone: a killed one can tell nobody."""
    threading.Thread(target=stop_when_orphaned, args=(parent,), daemon=True).start()
    loaded = get_wsgi_application()
    _ = get_resolver().url_patterns  # every page's code is loaded now, not by the first who asks for it
    sys.setswitchinterval(TURN_SECONDS)
    keep_what_is_loaded()
    return loaded


def keep_what_is_loaded() -> None:
    """What is loaded stays: to look it through again and again for unused objects held up every request a third of a second, and an
    eighth of the import of a mailbox."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def say_when_up(address: str, host: str, port: int, greeting: str = "") -> None:
    """Say the address on stdout, after the greeting, as soon as somebody listens there: who reads it may open it at once."""
    while True:
        try:
            # To connect to "every address" means to this machine.
            socket.create_connection((host, port), timeout=POLL_SECONDS).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            if greeting:
                aside.print(greeting, markup=False)
            answer.print(f"OpenKAM is at {address}", markup=False)
            return


def address_to_open(scheme: str, host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    if ":" in host:
        host = f"[{host}]"
    if host in ("0.0.0.0", "[::]"):  # noqa: S104 - compared, not listened on
        host = "localhost"
    return f"{scheme}://{host}:{port}/"


class WorkerBeside:
    """A worker process that lives as long as the site: started again when it fails, ended with the site, whatever ends that."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.is_stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self.process = self._spawn()
        self.watcher.start()

    def stop(self) -> None:
        """Ask the worker to end, and wait for the work under way."""
        self.is_stopping.set()
        process = self.process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self.watcher.join(STOP_SECONDS)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "openkam.cli", "worker", "--home", str(self.home), "--beside", str(os.getpid())]
        return subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def _watch(self) -> None:
        while self.process:
            code = self.process.wait()
            if self.is_stopping.wait(RESTART_SECONDS):
                return
            aside.print(f"openkam: the worker ended with {code} and is started again.", markup=False)
            self.process = self._spawn()


def stop_when_orphaned(parent: int) -> None:
    """End this process, as a polite stop would, once the one that started it is gone: a killed one can tell nobody."""
    while os.getppid() == parent:
        time.sleep(RESTART_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
