"""Starts the built binary in a data directory of its own, and stops it."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Generous: it only catches a server that never comes up.
READY_SECONDS = 60


def binary() -> pathlib.Path:
    """The binary under test: `PRETIL_BINARY`, else the release build, else the debug build."""
    named = os.environ.get("PRETIL_BINARY")
    if named:
        return pathlib.Path(named)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    for profile in ("release", "debug"):
        path = target / profile / "pretil"
        if path.exists():
            return path
    raise FileNotFoundError("no pretil binary: run `cargo build --release` first")


class Pretil:
    """One `pretil serve` process, on a port that the system chose."""

    def __init__(self, *arguments: str, data_dir: str | None = None, environment: dict | None = None):
        self._own_dir = None
        if data_dir is None:
            self._own_dir = tempfile.TemporaryDirectory(prefix="pretil-conformance-")
            data_dir = os.path.join(self._own_dir.name, "data")
        self.data_dir = data_dir
        self._lines: list[str] = []
        self._ready = threading.Event()
        self.port = 0
        command = [str(binary()), "serve", "--listen", "127.0.0.1:0", "--data-dir", data_dir, *arguments]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(READY_SECONDS) or not self.port:
            self.stop()
            raise RuntimeError("pretil did not become ready:\n" + self.log())

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.append(line)
            if not self.port:
                found = re.search(r"127\.0\.0\.1:(\d+)", line)
                if found and found.group(1) != "0":
                    self.port = int(found.group(1))
                    self._ready.set()
        self._ready.set()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        """Everything the process has printed so far, on both streams."""
        return "".join(self._lines)

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join(timeout=5)

    def stop(self) -> int:
        """SIGTERM, then wait: the way an operator stops it."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 30
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.alive():
            self.process.kill()
        code = self.process.wait()
        self._reader.join(timeout=5)
        if self._own_dir is not None:
            self._own_dir.cleanup()
            self._own_dir = None
        return code

    def __enter__(self) -> "Pretil":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def run(*arguments: str, stdin: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess:
    """Runs one command of the binary to its end."""
    return subprocess.run(
        [str(binary()), *arguments],
        input=stdin or "",
        capture_output=True,
        text=True,
        timeout=timeout,
    )
