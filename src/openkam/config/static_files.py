"""Static files under names that carry their digest, so that a browser may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """As whitenoise's, and a file that is missing is an error instead of a broken page."""

    manifest_strict = True
