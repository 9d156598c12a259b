"""The steps of an import, and the limits of what is uploaded."""

from django.db import models


class Step(models.TextChoices):
    """Where an import stands: the furthest step that was reached."""

    FILES = "files", "Files"
    DETECT = "detect", "Reading"
    MAP = "map", "Columns"
    PREVIEW = "preview", "Check"
    RUN = "run", "Import"


STEPS = tuple(Step)
UPLOAD_KEPT_DAYS = 14
MOST_FILES_PER_IMPORT = 50
LONGEST_FILE_NAME_BYTES = 180
MOST_ROWS_MENDED = 100
IMPORT_KIND = "import-facts"
DRY_RUN_KIND = "dry-run"
SWEEP_KIND = "remove-old-uploads"


class RefusedError(Exception):
    """What was asked cannot be done; the message, in the engine's words, says what is wrong and what to do."""
