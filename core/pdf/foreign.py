"""PDFs made elsewhere: what is wrong with one, asked of a process of its own whose memory and time are counted."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal, cast, get_args

Problem = Literal["", "damaged", "encrypted", "no_page", "active_pdf", "carried", "too_heavy"]
READER = Path(__file__).with_name("foreign_reader.py")
# The reader stops itself well before, by the processor's time; this one also counts a machine that is busy.
LONGEST_SECONDS = 30
# Nothing of our environment, where the secrets are, reaches a process that reads what strangers wrote.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH")
logger = logging.getLogger(__name__)


def problem_of_pdf(content: bytes) -> Problem:
    """Empty when the document can be kept. A reader that falls, runs out of memory or of time says `too_heavy`."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own reader; the document is its input, never an argument
            [sys.executable, "-I", str(READER)],
            input=content,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return "too_heavy"
    said = done.stdout.decode("ascii", "replace").strip()
    if done.returncode == 0 and said == "sound":
        return ""
    if done.returncode == 0 and said in get_args(Problem) and said:
        return cast(Problem, said)
    logger.warning("The reader of foreign PDFs ended with %d: %s", done.returncode, done.stderr[-300:])
    return "too_heavy"
