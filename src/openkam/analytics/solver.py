"""HiGHS, which solves linear, quadratic and 0/1 programmes, and says nothing while it does."""

import highspy


class SilentHighs(highspy.Highs):
    """HiGHS prints its version when the first one of a process switches its callbacks on, before any option can be set from
    outside; that line would break what the command prints as JSON.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setOptionValue("output_flag", False)
        # Every solver of a process has to ask for as many threads as the first one did: with others it answers nothing.
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 -- the name HiGHS calls
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()
