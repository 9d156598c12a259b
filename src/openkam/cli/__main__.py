"""`python -m openkam.cli`: the command, where its script is not on the path."""

from openkam.cli.command import main

main()
