"""scripts/bench tuf: our client and python-tuf's side by side, over nginx on loopback.

    compare.py WORK CLIENT USAGE RATE [quick]

WORK is an empty folder; CLIENT, USAGE and RATE are built programs.
"""

from __future__ import annotations

import pathlib
import shutil
import socket
import subprocess
import sys
import time

from repository import WANTED, Repository

HERE = pathlib.Path(__file__).parent
PYTHON = [sys.executable, str(HERE / "python_client.py")]


class Server:
    """nginx over a folder; tells requests and bytes from its log."""

    def __init__(self, work: pathlib.Path, folder: pathlib.Path) -> None:
        self.port, self.gzip_port = self._free_ports()
        self.log = work / "access.log"
        self.log.touch()
        # From one port files come as they are, from the other encoded.
        (work / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {work}/nginx.pid; error_log {work}/error.log;
            events {{ worker_connections 64; }}
            http {{
              log_format bytes '$bytes_sent $status $request_uri';
              access_log {self.log} bytes;
              client_body_temp_path {work}/body; proxy_temp_path {work}/proxy;
              fastcgi_temp_path {work}/fastcgi; uwsgi_temp_path {work}/uwsgi;
              scgi_temp_path {work}/scgi;
              types {{ application/json json; }}
              root {folder};
              server {{ listen 127.0.0.1:{self.port}; }}
              server {{ listen 127.0.0.1:{self.gzip_port}; gzip on; gzip_types application/json;
                        gzip_min_length 256; }}
            }}""")
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", work / "nginx.conf", "-p", work, "-e", work / "error.log"])
        self._wait()
        self.count()

    @staticmethod
    def _free_ports() -> tuple[int, int]:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            return one.getsockname()[1], other.getsockname()[1]

    def _wait(self) -> None:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit("nginx does not answer")

    def url(self, repository: str, gzip: bool = False) -> str:
        """Where a repository is served."""
        return f"http://127.0.0.1:{self.gzip_port if gzip else self.port}/{repository}"

    def count(self) -> tuple[int, int]:
        """Requests and bytes, heads included, since the last call."""
        time.sleep(0.05)
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        return len(lines), sum(int(line.split()[0]) for line in lines)


class Bench:
    """The measurements, and the table that they are printed in."""

    def __init__(self, work: pathlib.Path, client: str, usage: str, quick: bool) -> None:
        self.work, self.client, self.usage, self.quick = work, client, usage, quick
        self.served = work / "served"
        self.server = Server(work, self.served)
        self.start, _ = self.measure(5, [*PYTHON, "import"])

    def measure(self, rounds: int, words: list[str]) -> tuple[float, float]:
        """Milliseconds of processor time in the middle of several runs, and the most MiB."""
        done = subprocess.run(
            [self.usage, str(rounds), *words], check=True, stdout=subprocess.PIPE, text=True)
        microseconds, kilobytes = map(int, done.stdout.split())
        return microseconds / 1000, kilobytes / 1024

    def ours(self, command: str, state: pathlib.Path, url: str) -> list[str]:
        """The words of a run of our client."""
        words = [self.client, "--metadata-dir", str(state / "metadata"), "--metadata-url",
                 f"{url}/metadata", command]
        if command == "download":
            words += ["--target-name", WANTED, "--target-dir", str(state / "targets"),
                      "--target-base-url", f"{url}/targets"]
        return words

    def theirs(self, command: str, state: pathlib.Path, url: str) -> list[str]:
        """The words of a run of python-tuf's."""
        return [*PYTHON, command, str(state), url]

    def state(self, who: str, name: str) -> pathlib.Path:
        """A client's own folder that trusts a repository's first root."""
        state = self.work / f"{who}-{name}"
        shutil.rmtree(state, ignore_errors=True)
        for folder in ("metadata", "targets"):
            (state / folder).mkdir(parents=True)
        root = self.served / name / "metadata" / "1.root.json"
        shutil.copy(root, state / "root.json")
        shutil.copy(root, state / "metadata" / "root.json")
        return state

    def repository(self, targets: int, bins: int) -> None:
        """Cold start, nothing changed, new release: both clients over one repository."""
        name = f"{targets}-{bins}"
        repository = Repository(self.served / name, targets, bins)
        releases = [1, 2]
        for version in releases:
            repository.publish(version)
        newest = self.served / name / "metadata" / "timestamp.json"
        second = newest.read_bytes()
        repository.publish(1)
        title = f"{targets:,} flat" if bins == 0 else f"{targets:,} in {bins:,} bins"
        rows: dict[str, list] = {}
        for who, words, gzip in (
            ("python-tuf", self.theirs, False), ("tuf-client", self.ours, False),
            ("tuf-client, gzip", self.ours, True),
        ):
            first = newest.read_bytes()
            url = self.server.url(name, gzip)
            state = self.state(who.partition(",")[0], name)
            self.server.count()
            row = [(*self.once(words("download", state, url)), *self.server.count())]
            rounds = 3 if who == "python-tuf" else 15
            cpu, memory = self.measure(rounds, words("refresh", state, url))
            requests, sent = self.server.count()
            row.append((cpu, memory, requests // rounds, sent // rounds))
            newest.write_bytes(second)
            row.append((*self.once(words("download", state, url)), *self.server.count()))
            newest.write_bytes(first)
            if who == "python-tuf":
                row = [(max(cpu - self.start, 0.0), *rest) for cpu, *rest in row]
            rows[who] = row
        self.show(title, rows)

    def once(self, words: list[str]) -> tuple[float, float]:
        """One run, because it changes what the next one finds."""
        return self.measure(1, words)

    def show(self, title: str, rows: dict[str, list]) -> None:
        """Prints one repository's figures, ours as a part of python-tuf's."""
        print(f"\n{title}")
        print(f"  {'':18}{'':14}{'CPU ms':>9} {'MiB':>6} {'requests':>9} {'bytes':>12}"
              f" {'CPU ratio':>10} {'MiB ratio':>10}")
        for index, moment in enumerate(("cold start", "nothing changed", "new release")):
            base = rows["python-tuf"][index]
            for who, row in rows.items():
                cpu, memory, requests, sent = row[index]
                line = f"  {moment:16}{who:16}{cpu:9.1f} {memory:6.1f} {requests:9} {sent:12,}"
                if who != "python-tuf":
                    line += f" {cpu / max(base[0], 0.1):10.3f} {memory / base[1]:10.3f}"
                print(line)


def rates(bench: Bench, program: str) -> None:
    """Parsing, canonical form and signature of a flat targets file."""
    folder = bench.served / "rate"
    Repository(folder, 10_000 if bench.quick else 100_000, 0).publish(1)
    root, targets = folder / "metadata/1.root.json", folder / "metadata/1.targets.json"
    megabytes = targets.stat().st_size / 1e6
    print(f"one targets file of {megabytes:.1f} MB, MB for each second of processor time")
    print(f"  {'':18}{'parse':>9} {'canonical':>10} {'signature':>10} {'all':>8} {'ratio':>8}")
    everything = []
    for who, words in (("python-tuf", [*PYTHON, "rate"]), ("esky's TUF", [program])):
        done = subprocess.run([*words, root, targets], check=True, stdout=subprocess.PIPE, text=True)
        parts = [float(word) for word in done.stdout.split()]
        everything.append(megabytes / sum(parts))
        shown = [f"{megabytes / part:.0f}" if part > 1e-5 else "none" for part in parts]
        print(f"  {who:18}{shown[0]:>9} {shown[1]:>10} {shown[2]:>10} {everything[-1]:8.1f}"
              f" {everything[-1] / everything[0]:8.1f}")


def main() -> None:
    """Runs it all."""
    work, client, usage, rate, *rest = sys.argv[1:]
    bench = Bench(pathlib.Path(work), client, usage, "quick" in rest)
    try:
        rates(bench, rate)
        sizes = [(100, 0), (10_000, 0)]
        if not bench.quick:
            sizes += [(100_000, 0), (100_000, 1024), (1_000_000, 16_384)]
        for targets, bins in sizes:
            bench.repository(targets, bins)
        print(
            "\naims: all of a targets file read at 20 times the rate; nothing changed in 5 ms and 8 MiB at"
            "\nevery size; cold start with 100,000 flat at 0.1 of the CPU time and 0.25 of the memory.\n"
            "python-tuf's CPU times are without the start of the interpreter and its imports, ours are whole.")
    finally:
        bench.server.process.terminate()


if __name__ == "__main__":
    main()
