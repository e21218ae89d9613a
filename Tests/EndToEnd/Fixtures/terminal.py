"""Runs a program on a terminal of its own and answers its prompts, as a person would.

terminal.py ANSWERS PROGRAM [ARGUMENT …]

ANSWERS stand between |; each is typed when what the program has written ends in a colon. One that is written
QUESTION=>ANSWER is typed, as often as that comes, where the question is a part of the last line; what is to be
typed once more is then. Prints what the terminal showed, and ends with the program's exit status.
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

typed = ""


def answer():
    line = shown.decode().splitlines()[-1]
    if "The same again" in line and all("=>" in text for text in answers):
        return typed
    for place, text in enumerate(answers):
        question, arrow, reply = text.partition("=>")
        if not arrow:
            return answers.pop(place)
        if question in line:
            return reply
    sys.exit(f"nobody can answer: {line}")


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
        typed = answer()
        os.write(terminal, typed.encode() + b"\n")
        shown += b"\n"

sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
