"""Talking to a mail server (IMAP over TLS, RFC 3501): folders, and headers of mails, without marking anything as read."""

import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings

from openkam.analytics.relationship.correspondence.mail_headers import FIELDS
from openkam.analytics.terms import OpenKamError
from openkam.app.relationships.models import Mailbox
from openkam.app.relationships.operations.sealed import unseal
from openkam.app.runs.terms import TransientFaultError

IMAP_PORT = 993
_TIMEOUT_SECONDS = 30
_AT_ONCE = 200
_WANTED = f"(UID BODY.PEEK[HEADER.FIELDS ({' '.join(field.upper() for field in FIELDS)})])"
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) ?(?P<name>.*)', re.DOTALL)
_UID = re.compile(rb"\bUID (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder of a mailbox; `is_usual` for the inbox and for what was sent."""

    name: str
    label: str
    is_usual: bool


def check_host(host: str, port: int) -> None:
    """Raise `OpenKamError` for a server that this one must not be sent to: itself, or what only its own network segment knows.

    Where `OPENKAM_MAILBOX_ANY_HOST` is set, every host and port will do.
    """
    if settings.OPENKAM_MAILBOX_ANY_HOST:
        return
    if port != IMAP_PORT:
        raise OpenKamError(f"Mailboxes are read at port {IMAP_PORT}, IMAP over TLS. An administrator can allow others.")
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise OpenKamError(f"There is no server called {host}: look the name up at your mail provider.") from error
    for address in found:
        _check_address(address)


def _check_address(text: str) -> None:
    address = ip_address(text.partition("%")[0])
    plain: IPv4Address | IPv6Address = address
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        plain = address.ipv4_mapped
    if plain.is_loopback or plain.is_link_local or plain.is_unspecified or plain.is_multicast:
        raise OpenKamError("This server's address is one of this machine's own: a mailbox is read from a mail server.")


@contextmanager
def opened(mailbox: Mailbox) -> Generator[imaplib.IMAP4_SSL]:
    """A session of the mailbox's user. Raises `OpenKamError` with what to do, or `TransientFaultError` for what may go away."""
    check_host(mailbox.host, mailbox.port)
    password = unseal(mailbox.sealed_password)
    try:
        session = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT_SECONDS
        )
    except ssl.SSLError as error:
        raise OpenKamError(
            f"{mailbox.host} shows no valid certificate: look the server's name up at your mail provider."
        ) from error
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        raise TransientFaultError(
            f"{mailbox.host} does not answer at port {mailbox.port}: try again, or check the name."
        ) from error
    try:
        if not settings.OPENKAM_MAILBOX_ANY_HOST:
            # The name may have been given another address since it was looked up: nothing was said yet.
            _check_address(session.socket().getpeername()[0])
        _sign_in(session, mailbox, password)
        yield session
    except imaplib.IMAP4.abort as error:
        raise TransientFaultError(f"{mailbox.host} ended the session: try again.") from error
    except imaplib.IMAP4.error as error:
        raise OpenKamError(f"{mailbox.host} refused to go on: try again, or choose the folders anew.") from error
    except OSError as error:
        raise TransientFaultError(f"The line to {mailbox.host} broke: try again.") from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            session.logout()


def _sign_in(session: imaplib.IMAP4_SSL, mailbox: Mailbox, password: str) -> None:
    """Nothing that the server answers is repeated: some servers repeat the password."""
    try:
        session.authenticate("PLAIN", lambda _: f"\0{mailbox.user_name}\0{password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise OpenKamError(
            f"{mailbox.host} refused the user or the password: enter them again. Many providers want a password for this one use."
        ) from None


def folders_of(session: imaplib.IMAP4_SSL) -> Sequence[ListedFolder]:
    """The folders that hold mails."""
    _, lines = session.list()
    found: list[ListedFolder] = []
    for line in lines:
        told = b"".join(line) if isinstance(line, tuple) else line
        read = _LISTED.match(told) if isinstance(told, bytes) else None
        if read is None or b"\\noselect" in read["flags"].lower():
            continue
        name = _unquoted(read["name"])
        if name.isascii() and name.isprintable():
            is_usual = name.upper() == "INBOX" or b"\\sent" in read["flags"].lower()
            found.append(ListedFolder(name, label_of(name), is_usual))
    return found


def uid_validity(session: imaplib.IMAP4_SSL, folder: str) -> int:
    """Open a folder for reading alone; returns under which numbering its mails stand. Raises `OpenKamError` where it is gone."""
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _ = session.select(f'"{quoted}"', readonly=True)
    _, told = session.response("UIDVALIDITY")
    if status != "OK" or not told or told[0] is None:
        raise OpenKamError(f"The folder {label_of(folder)} is not there any more: choose the folders anew.")
    return int(told[0])


def uids_after(session: imaplib.IMAP4_SSL, last_uid: int, since_on: date) -> Sequence[int]:
    """The numbers of the mails of the open folder after one, in order, that came in since a day."""
    day = f"{since_on.day}-{_MONTHS[since_on.month - 1]}-{since_on.year}"
    _, found = session.uid("SEARCH", "UID", f"{last_uid + 1}:*", "SINCE", day)
    told = found[0] if found and isinstance(found[0], bytes) else b""
    # A range up to * names the last mail even where its number is lower.
    return sorted(uid for uid in map(int, told.split()) if uid > last_uid)


def headers(session: imaplib.IMAP4_SSL, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Number and header of mails of the open folder. Nothing else is asked for, and nothing is marked as read."""
    for start in range(0, len(uids), _AT_ONCE):
        wanted = ",".join(map(str, uids[start : start + _AT_ONCE]))
        _, answer = session.uid("FETCH", wanted, _WANTED)
        for place, part in enumerate(answer):
            if not isinstance(part, tuple):
                continue
            behind = answer[place + 1] if place + 1 < len(answer) else b""
            said = _UID.search(part[0]) or _UID.search(behind if isinstance(behind, bytes) else b"")
            if said:
                yield int(said[1]), part[1]


def label_of(name: str) -> str:
    """A folder's name as people write it: servers send it in modified UTF-7 (RFC 3501, 5.1.3)."""

    def plain(found: re.Match[str]) -> str:
        code = found[1].replace(",", "/")
        return base64.b64decode(code + "=" * (-len(code) % 4)).decode("utf-16-be") if code else "&"

    with suppress(ValueError):
        return re.sub(r"&([A-Za-z0-9+,]*)-", plain, name)
    return name


def _unquoted(name: bytes) -> str:
    text = name.strip().decode(errors="replace")
    if text.startswith("{"):  # a literal: its length, then the name
        return text.partition("}")[2].strip()
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
