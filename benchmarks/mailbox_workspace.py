"""One import of mails into a workspace, for the benchmark of mailboxes: prints what it took as JSON.

Run as `python -m benchmarks.mailbox_workspace HOME CONTACTS FILE` or with `imap:PORT` in place of the file, with DATABASE_URL set.
"""

import gc
import json
import sys
from pathlib import Path

from openkam.cli.serve import keep_what_is_loaded
from openkam.config.prepare import prepare_site, set_up_site


def main() -> None:
    home, contacts, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    set_up_site(home)
    prepare_site(home)
    from benchmarks.mailbox_imports import measure  # noqa: PLC0415 - models can be imported once Django is set up

    keep_what_is_loaded()  # as a worker does
    print(json.dumps(measure(contacts, what)))
    gc.unfreeze()


if __name__ == "__main__":
    main()
