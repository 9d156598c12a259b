"""A real mail server for a test: Dovecot on a free port of this machine, with a certificate of its own, gone when the test is."""

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "kayla@example.org", 'pässword with "quotes"'
SECONDS_TO_START = 30
# As root Dovecot keeps its own users for its processes and wants another one for the mails; as anybody else it is that user throughout.
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = required
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
mail_location = maildir:{home}/mail
first_valid_uid = 1
auth_mechanisms = plain
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/home
}}
{processes}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it listens, and the file of the certificate that proves it."""

    port: int
    certificate: Path

    @contextmanager
    def session(self) -> Iterator[imaplib.IMAP4_SSL]:
        """A session of the user, to put mails there and to look at them."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted, timeout=SECONDS_TO_START) as session:
            session.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield session

    def deliver(self, *mails: str, folder: str = "INBOX") -> None:
        """Put mails into a folder, unread."""
        with self.session() as session:
            for mail in mails:
                status, said = session.append(folder, "", None, mail.replace("\n", "\r\n").encode())
                assert status == "OK", said


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Start one and stop it again. There is no test without: `make setup` installs it."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    assert program is not None, "There is no Dovecot: run `make setup`."
    home = Path(tempfile.mkdtemp(prefix="openkam-dovecot-"))
    home.chmod(0o755)  # its processes are of other users where it is started by root
    port = free_port()
    try:
        write_configuration(home, port)
        with subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE) as process:
            try:
                wait_for(port, process, home)
                yield MailServer(port, home / "certificate.pem")
            finally:
                process.terminate()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def write_configuration(home: Path, port: int) -> None:
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(owner.pw_gid).gr_name
    own = (
        f"default_internal_user = {getpass.getuser()}\ndefault_login_user = {getpass.getuser()}\ndefault_internal_group = {group}"
    )
    for name in ("mail", "home"):
        (home / name).mkdir()
        os.chown(home / name, owner.pw_uid, owner.pw_gid)
    (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    write_certificate(home)
    text = CONFIGURATION.format(home=home, uid=owner.pw_uid, gid=owner.pw_gid, port=port, processes="" if is_root else own)
    (home / "dovecot.conf").write_text(text, encoding="utf-8")


def write_certificate(home: Path) -> None:
    """A certificate for localhost that signs itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (home / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def wait_for(port: int, process: "subprocess.Popen[bytes]", home: Path) -> None:
    """Until it answers; what it wrote into its log is told where it does not."""
    for _ in range(SECONDS_TO_START * 10):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
        time.sleep(0.1)
    log = home / "log"
    raise AssertionError(f"Dovecot does not answer: {log.read_text(encoding='utf-8') if log.exists() else 'no log'}")
