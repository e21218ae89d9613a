"""An app that says what it finds, one "key words…" a line; its first argument says what it does."""

import os
import sys

import esky
from release import VERSION


def say(*words: object) -> None:
    print(*words)  # never flushed: restart has to


def environment() -> None:
    for name in sorted(os.environ):
        if name.startswith(("ESKY_", "LD_", "_PYI_", "_MEIPASS", "TCL_", "XDG_")):
            say("environment", name + "=" + os.environ[name])


def upgrade(app: esky.Esky) -> None:
    if VERSION == "1.0":
        say("check", app.check())
        say("installed", app.update(progress=lambda *event: say("progress", *event)))
        say("current", app.current)
        # What PyInstaller's hook for tkinter does, and a list of which one part is ours.
        os.environ["TCL_LIBRARY"] = os.path.join(sys._MEIPASS, "tcl")  # type: ignore
        os.environ["XDG_DATA_DIRS"] = os.path.join(sys._MEIPASS, "share") + ":/usr/share"  # type: ignore
        app.restart()
    say("needs-cleanup", app.needs_cleanup)
    app.cleanup()
    say("needs-cleanup", app.needs_cleanup)
    say("left", *app.versions)
    environment()


def update(app: esky.Esky) -> None:
    say("installed", app.update())


def cancel(app: esky.Esky) -> None:
    app.update(progress=lambda phase, done, total: phase == sys.argv[2])


def fail(app: esky.Esky) -> None:
    def progress(phase: str, done: int, total: int) -> None:
        if phase == esky.DOWNLOADING:
            raise ZeroDivisionError("on purpose")

    app.update(progress=progress)


def reenter(app: esky.Esky) -> None:
    app.update(progress=lambda *event: app.close())


def launch(app: esky.Esky) -> None:
    """Restarts where there is nothing to restart, and shows that nothing has changed."""
    os.environ["ESKY_LAUNCHER"] = "/nowhere/hello"
    before = dict(os.environ)
    try:
        app.restart(["no", "matter"])
    finally:
        say("unchanged", dict(os.environ) == before)


def main() -> None:
    say("version", VERSION)
    say("pid", os.getpid())
    say("argv", *sys.argv[1:])
    if not esky.is_bundled():
        try:
            esky.Esky()
        except esky.NotAnEsky as error:
            say("error", type(error).__name__, error)
        return
    with esky.Esky() as app:
        say("root", app.root)
        say("launcher", app.launcher)
        say("running", app.running)
        say("current", app.current)
        say("versions", *app.versions)
        try:
            globals()[sys.argv[1]](app)
        except (esky.EskyError, ZeroDivisionError, RuntimeError) as error:
            say("error", type(error).__name__, getattr(error, "code", "-"), error)
        say("still", app.current)


main()
