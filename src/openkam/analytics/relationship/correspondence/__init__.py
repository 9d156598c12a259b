"""Mails and appointments as metadata: who wrote to or met whom, and when. The text of a mail is never kept."""
