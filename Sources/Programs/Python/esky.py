"""Keeps an app that bundle-esky has bundled fresh, from inside the app.

One file on ctypes, for Python 3.8 or newer; freeze it with the app, or put it beside the app::

    import esky

    esky.keep_fresh(restart=True)

keep_fresh() answers, whatever happens: an app that catches nothing starts without a network, with updates
switched off, and when it is run unbundled by its developer. Esky is for all else that an app may want to ask
or to show; what does not work is an EskyError there::

    with esky.Esky() as app:
        if app.check():
            print(app.notes())

A handle is for one thread at a time, and no other call is made from its own progress function; one that is
made all the same raises RuntimeError. Every thread can have a handle of its own. The interpreter runs other
threads while a call is under way.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, NoReturn, Optional, Sequence, Type

__all__ = [
    "Cancelled", "Esky", "EskyError", "Failed", "Locked", "NotAnEsky", "Offline", "Outcome", "Refused",
    "SwitchedOff", "is_bundled", "keep_fresh", "CHECKING", "DOWNLOADING", "UNPACKING", "INSTALLING",
]

#: What an update is doing, as its progress function is told. done and total are bytes while it downloads
#: and unpacks, else 0; when it begins to install is the last chance to cancel.
CHECKING = "checking"
DOWNLOADING = "downloading"
UNPACKING = "unpacking"
INSTALLING = "installing"

_PHASES = (CHECKING, DOWNLOADING, UNPACKING, INSTALLING)

#: Told the phase, and how much of how much is done; a true result cancels the update.
Progress = Callable[[str, int, int], object]


class EskyError(Exception):
    """Why something did not work; its text is one sentence for a person."""

    #: The number that esky.h has for it.
    code: int = 1


class Failed(EskyError):
    """Anything but the other cases: permissions, disk, a damaged app folder."""


class NotAnEsky(EskyError):
    """This program was not started by the launcher of an app folder, or its library is missing."""


class Offline(EskyError):
    """The repository can't be reached, or does not answer as it should; try again later."""

    code = 20


class Refused(EskyError):
    """What was received is not trusted; the app is as it was."""

    code = 21


class Locked(EskyError):
    """Another process is updating; try again later."""

    code = 22


class SwitchedOff(EskyError):
    """Updates are switched off."""

    code = 23


class Cancelled(EskyError):
    """The progress function said so."""

    code = 24


_OK, _USAGE, _AVAILABLE, _INSTALLED = 0, 2, 10, 11
_ERRORS: Dict[int, Type[EskyError]] = {
    error.code: error for error in (Failed, Offline, Refused, Locked, SwitchedOff, Cancelled)
}


def is_bundled() -> bool:
    """True when this program belongs to an app folder and was started by its launcher.

    The launcher's variables alone do not tell: every program that a bundled app starts inherits them.
    """
    root = os.environ.get("ESKY_ROOT")
    if not root:
        return False
    own = (sys.executable, sys.argv[0] if sys.argv else "", globals().get("__file__"))
    return any(_is_inside(path, root) for path in own if path)


class Outcome(NamedTuple):
    """What keep_fresh() came to; true when a newer version was installed."""

    #: The version that was installed and starts next; None when there was none newer, or a problem.
    installed: Optional[str] = None

    #: Why it is not so, or why the new version was not started: an EskyError, or what progress raised.
    problem: Optional[Exception] = None

    def __bool__(self) -> bool:
        return self.installed is not None


def keep_fresh(
    progress: Optional[Progress] = None, restart: bool = False,
    root: Optional["os.PathLike[str] | str"] = None,
    library: Optional["os.PathLike[str] | str"] = None,
) -> Outcome:
    """Removes versions that nobody runs, installs the newest one, and takes no app down: it answers.

    With restart, what was installed is started at once in place of this process. progress, root and library
    are as in Esky and its update(). The logger "esky" hears what came of it: warnings of what somebody should
    look at, the rest as information.

    It takes as long as a server and a download do; an app with windows calls it in a thread of its own, with
    or without restart::

        threading.Thread(target=esky.keep_fresh, daemon=True).start()
    """
    installed = None
    try:
        with Esky(root, library) as app:
            try:
                app.cleanup()
            except EskyError as error:
                _log.info("not cleaned up: %s", error)  # no reason to stay with an old version
            installed = app.update(progress)
            if installed is None:
                _log.info("%s is up to date", app.current)
                return Outcome()
            _log.info("installed %s", installed)
            if restart:
                app.restart()
            return Outcome(installed)
    except (Refused, Failed) as error:
        _log.warning("%s", error)
        return Outcome(installed, error)
    except EskyError as error:
        _log.info("%s", error)
        return Outcome(installed, error)
    except Exception as error:
        _log.warning("the update broke off", exc_info=True)
        return Outcome(installed, error)


_log = logging.getLogger("esky")


class Esky:
    """An open app folder; a context manager that closes it.

    root is the app folder; without it, the one that this program belongs to. library is the path of
    libesky.so; without it, the one that the launcher names, else the one beside this program.

    Raises NotAnEsky without root where is_bundled() is false, and where there is no library.
    """

    def __init__(
        self, root: Optional["os.PathLike[str] | str"] = None,
        library: Optional["os.PathLike[str] | str"] = None,
    ) -> None:
        self._handle = ctypes.c_void_p()
        self._busy = threading.Lock()
        if root is None and not is_bundled():
            raise NotAnEsky("this program was not started by the launcher of an app folder")
        self._library = _load(library)
        code = self._library.esky_open(
            None if root is None else os.fsencode(root), ctypes.byref(self._handle))
        if code != _OK:
            try:
                raise self._error(code)
            finally:
                self.close()
        self._root = _text(self._library.esky_root(self._handle)) or ""
        self._running = _text(self._library.esky_running(self._handle))

    def __enter__(self) -> "Esky":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self.close()

    def close(self) -> None:
        """Closes the handle; every other call but this one raises ValueError from then on."""
        if self._handle:
            with self._free():
                self._library.esky_close(self._handle)
                self._handle = ctypes.c_void_p()

    @property
    def root(self) -> str:
        """The app folder."""
        return self._root

    @property
    def running(self) -> Optional[str]:
        """The version that runs now; None when this program is none of the app folder's."""
        return self._running

    @property
    def launcher(self) -> Optional[str]:
        """The launcher that started this program: the one path that is worth storing."""
        return os.environ.get("ESKY_LAUNCHER")

    @property
    def current(self) -> str:
        """The version that starts next."""
        with self._open() as library:
            version = _text(library.esky_current(self._handle))
            if version is None:
                raise self._error(Failed.code)
            return version

    @property
    def versions(self) -> List[str]:
        """The versions in the app folder, newest first."""
        with self._open() as library:
            count = library.esky_version_count(self._handle)
            found = (_text(library.esky_version_at(self._handle, i)) for i in range(count))
            return [version for version in found if version is not None]

    def check(self) -> Optional[str]:
        """Asks for a newer version and installs nothing.

        Returns the newer version; None when there is none.
        """
        with self._open() as library:
            code = library.esky_check(self._handle)
            if code == _AVAILABLE:
                return _text(library.esky_available(self._handle))
            self._expect_ok(code)
            return None

    def notes(self) -> Optional[str]:
        """What is new in the version that the last check() found, as its publisher says; None for nothing."""
        with self._open() as library:
            return _text(library.esky_available_notes(self._handle))

    def is_required(self) -> bool:
        """True when its publisher wants the app to insist on the version that the last check() found."""
        with self._open() as library:
            return bool(library.esky_available_is_required(self._handle))

    @property
    def may_update(self) -> bool:
        """False where the app folder is another user's or read-only: check() works there, update() does not."""
        with self._open() as library:
            return bool(library.esky_may_update(self._handle))

    @property
    def trouble(self) -> Optional[str]:
        """One sentence about what has been wrong with the last looks for updates, whoever looked, and since when.

        None when nothing is. No answer for weeks, a repository that is not renewed, a version that was taken back
        with none in its place: all of these leave the app as it is, and somebody should know.
        """
        with self._open() as library:
            return _text(library.esky_trouble(self._handle))

    def update(self, progress: Optional[Progress] = None) -> Optional[str]:
        """Installs the newest version, which starts next; the one that runs stays until cleanup.

        An exception out of progress cancels the update and goes on from here.

        Returns the version that was installed; None when there was none newer.
        """
        raised: List[BaseException] = []

        def report(phase: int, done: int, total: int, _context: Optional[int]) -> int:
            try:
                return 1 if raised or progress(_PHASES[phase], done, total) else 0  # type: ignore
            except BaseException as error:  # also KeyboardInterrupt: C can't pass it on
                raised.append(error)
                return 1

        with self._open() as library:
            # Kept by this name: what C calls must not be collected before the call returns.
            function = _PROGRESS(report) if progress is not None else _PROGRESS()
            code = library.esky_update(self._handle, function, None)
            if raised:
                raise raised.pop()
            if code == _INSTALLED:
                return _text(library.esky_current(self._handle))
            self._expect_ok(code)
            return None

    @property
    def needs_cleanup(self) -> bool:
        """True when cleanup() would do something."""
        with self._open() as library:
            answer = library.esky_needs_cleanup(self._handle)
            if answer < 0:
                raise self._error(Failed.code)
            return bool(answer)

    def cleanup(self) -> None:
        """Finishes an interrupted update and removes versions that nobody runs."""
        with self._open() as library:
            self._expect_ok(library.esky_cleanup(self._handle))

    def restart(self, argv: Optional[Sequence[str]] = None) -> NoReturn:
        """Replaces this process by the app's launcher, which starts the newest version.

        argv are the new process's arguments without the program's name; without it, this one's. Flushes
        standard output and error; nothing else of Python's, such as atexit or finally, runs. What
        PyInstaller put into the environment stays behind. Returns only by an exception.

        A PyInstaller --onefile app waits for its replacement, and so holds its version until that ends: a
        later start's cleanup removes it.
        """
        words = [os.fsencode(word) for word in (sys.argv[1:] if argv is None else argv)]
        arguments = (ctypes.c_char_p * (len(words) + 1))(*words, None)
        with self._open() as library:
            for stream in (sys.stdout, sys.stderr):
                try:
                    stream.flush()
                except (AttributeError, ValueError, OSError):
                    pass  # there is none, it is closed, or nobody reads it
            with _as_found():
                code = library.esky_restart(self._handle, arguments)
            raise self._error(code)

    @contextmanager
    def _free(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("this handle is in use, by another thread or its own progress function")
        try:
            yield
        finally:
            self._busy.release()

    @contextmanager
    def _open(self) -> Iterator[ctypes.CDLL]:
        with self._free():
            if not self._handle:
                raise ValueError("this handle is closed")
            yield self._library

    def _expect_ok(self, code: int) -> None:
        if code != _OK:
            raise self._error(code)

    def _error(self, code: int) -> EskyError:
        message = self._library.esky_message(self._handle) or b""
        return _ERRORS.get(code, Failed)(message.decode("utf-8", "replace"))


_PROGRESS = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)

_HANDLE, _TEXT = ctypes.c_void_p, ctypes.c_char_p
_FUNCTIONS: Dict[str, Any] = {
    "esky_open": (ctypes.c_int, [_TEXT, ctypes.POINTER(_HANDLE)]),
    "esky_close": (None, [_HANDLE]),
    "esky_message": (_TEXT, [_HANDLE]),
    "esky_root": (_TEXT, [_HANDLE]),
    "esky_running": (_TEXT, [_HANDLE]),
    "esky_current": (_TEXT, [_HANDLE]),
    "esky_version_count": (ctypes.c_size_t, [_HANDLE]),
    "esky_version_at": (_TEXT, [_HANDLE, ctypes.c_size_t]),
    "esky_check": (ctypes.c_int, [_HANDLE]),
    "esky_available": (_TEXT, [_HANDLE]),
    "esky_available_notes": (_TEXT, [_HANDLE]),
    "esky_available_is_required": (ctypes.c_int, [_HANDLE]),
    "esky_may_update": (ctypes.c_int, [_HANDLE]),
    "esky_trouble": (_TEXT, [_HANDLE]),
    "esky_update": (ctypes.c_int, [_HANDLE, _PROGRESS, ctypes.c_void_p]),
    "esky_needs_cleanup": (ctypes.c_int, [_HANDLE]),
    "esky_cleanup": (ctypes.c_int, [_HANDLE]),
    "esky_restart": (ctypes.c_int, [_HANDLE, ctypes.POINTER(_TEXT)]),
}


def _load(path: Optional["os.PathLike[str] | str"]) -> ctypes.CDLL:
    """Opens libesky.so; the functions get their types, the GIL is released while one runs."""
    place = os.fspath(path) if path is not None else _library_path()
    if place is None:
        raise NotAnEsky("there is no libesky.so: ESKY_LIBRARY is not set, and none is near "
                        + (sys.executable or "this program"))
    try:
        # An absolute path: a name without a slash would be searched for, also by PyInstaller's CDLL.
        library = ctypes.CDLL(os.path.abspath(place))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise NotAnEsky("{} can't be loaded: {}".format(place, error)) from error
    return library


def _library_path() -> Optional[str]:
    """The library that the launcher names, else the one of the version directory around this program."""
    named = os.environ.get("ESKY_LIBRARY")
    if named:
        return named
    name = "libesky.dylib" if sys.platform == "darwin" else "libesky.so"
    folder = os.path.dirname(os.path.realpath(sys.executable)) if sys.executable else ""
    while folder and folder != os.path.dirname(folder):
        path = os.path.join(folder, "esky-files", name)
        if os.path.isfile(path):
            return path
        folder = os.path.dirname(folder)
    return None


@contextmanager
def _as_found() -> Iterator[None]:
    """Environment and signals as Python and PyInstaller found them; put back when exec has failed.

    PyInstaller's bootloader keeps its state in variables named _PYI_, older ones in _MEIPASS2, and puts
    the folder of its libraries into LD_LIBRARY_PATH; its hooks put folders of this version into others,
    such as TCL_LIBRARY or QT_PLUGIN_PATH. Python ignores SIGPIPE, which exec would pass on.
    """
    before = dict(os.environ)
    ignored = []
    try:
        unpacked = getattr(sys, "_MEIPASS", None)
        if unpacked:
            for name, value in before.items():
                _leave_behind(name, value, unpacked)
        if threading.current_thread() is threading.main_thread():
            for number in (getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ")):
                if number is not None and signal.getsignal(number) is signal.SIG_IGN:
                    signal.signal(number, signal.SIG_DFL)
                    ignored.append(number)
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        for name, value in before.items():
            if os.environ.get(name) != value:
                os.environ[name] = value


def _leave_behind(name: str, value: str, unpacked: str) -> None:
    if name.startswith("_PYI_") or name in ("_MEIPASS2", "LD_LIBRARY_PATH_ORIG"):
        del os.environ[name]
    elif unpacked in value and not name.startswith("ESKY_"):
        kept = [part for part in value.split(os.pathsep) if not _is_inside(part, unpacked)]
        if kept:
            os.environ[name] = os.pathsep.join(kept)
        else:
            del os.environ[name]


def _text(bytes_of_c: Optional[bytes]) -> Optional[str]:
    return None if bytes_of_c is None else os.fsdecode(bytes_of_c)


def _is_inside(path: str, folder: str) -> bool:
    if not os.path.isabs(path) and os.sep not in path:
        return False  # "python3" or "-c": no place
    path, folder = os.path.realpath(path), os.path.realpath(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
