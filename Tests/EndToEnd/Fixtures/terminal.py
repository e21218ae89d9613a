"""Runs a program on a terminal of its own and answers its prompts, as a person would.

terminal.py ANSWERS PROGRAM [ARGUMENT …]

ANSWERS stand between |; each is typed when what the program has written ends in a colon. Prints what the
terminal showed, and ends with the program's exit status.
"""

import os
import pty
import select
import sys
import time

answers = sys.argv[1].split("|") if sys.argv[1] else []
words = sys.argv[2:]
environment = {name: value for name, value in os.environ.items() if not name.startswith("ESKY_")}

child, terminal = pty.fork()
if child == 0:
    os.execvpe(words[0], words, environment)

shown = b""
while select.select([terminal], [], [], 60)[0]:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if answers and shown.rstrip(b" ").endswith(b":"):
        # Whoever turns the echo off does so before the prompt, but the kernel wants its time.
        time.sleep(0.1)
        os.write(terminal, answers.pop(0).encode() + b"\n")
        shown += b"\n"

sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
