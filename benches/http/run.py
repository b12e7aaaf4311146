"""Load the real server over loopback and print Markdown tables.

Needs `wrk` (Debian package) and a release build. Requests per second, latency, CPU per request and
resident memory of ApplyGuardrail, per guardrail and number of connections; beside it the same texts
judged by the engine alone (`pretil apply --repeat`), on one thread without a server.

Usage: run.py PRETIL_BINARY [SECONDS_PER_ROW]
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
CONNECTIONS = (1, 2, 8)
TEXT = (
    "Hello, this is Maria Lopez. My booking is BK-204518 and I was charged twice on my card "
    "4111 1111 1111 1111. Please write to maria.lopez@example.com or call +44 20 7946 0958. "
)
# 1,000 characters: one text unit.
BODY = {"source": "INPUT", "content": [{"text": {"text": (TEXT * 8)[:1000]}}]}
SHORT = {"source": "INPUT", "content": [{"text": {"text": TEXT}}]}
TEXTS = ((f"{len(TEXT)} characters", SHORT), ("1,000 characters", BODY))
GUARDRAILS = ("words-and-patterns", "customer-support", "fiduciary-advice")


def call(base, path, body):
    """POST JSON, return JSON."""
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def process_usage(pid):
    """CPU seconds used so far and resident MiB now."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return cpu, int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def load(base, path, body, connections, seconds):
    """One wrk run: a dictionary of what it printed."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "apply.lua"), base + path]
    environment = dict(os.environ, APPLY_BODY=json.dumps(body))
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    line = re.search(r"RESULT (.*)", printed)[1]
    return {key: float(value) for key, value in (pair.split("=") for pair in line.split())}


def engine(binary, name, text):
    """Median and 99th percentile in ms of the engine called directly."""
    command = [binary, "apply", "--guardrail", str(HERE / f"{name}.json"), "--source", "INPUT", "--json"]
    command += ["--repeat", "1000", "--text", text]
    printed = subprocess.run(command, capture_output=True, text=True).stderr
    return re.search(r"p50 ([0-9.]+) ms, p99 ([0-9.]+) ms", printed).groups()


def start(binary, directory):
    """The server process and its base URL, once it is ready."""
    began = time.monotonic()
    command = [binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", directory]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    ready = server.stdout.readline()
    elapsed = time.monotonic() - began
    return server, re.search(r"http://[0-9.:]+", ready)[0], elapsed


def main():
    """Print the table."""
    binary = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as directory:
        server, base, elapsed = start(binary, directory)
        try:
            print(f"Start to ready: {elapsed * 1000:.0f} ms, {process_usage(server.pid)[1]:.0f} MiB resident.\n")
            print("| guardrail | text | connections | requests/s | p50 ms | p99 ms | CPU ms per request | RSS MiB | errors |")
            print("|---|---|---|---|---|---|---|---|---|")
            for name in GUARDRAILS:
                config = json.loads((HERE / f"{name}.json").read_text())
                guardrail = call(base, "/guardrails", config)["guardrailId"]
                path = f"/guardrail/{guardrail}/version/DRAFT/apply"
                for label, body in TEXTS:
                    for connections in CONNECTIONS:
                        row(server.pid, base, path, name, label, body, connections, seconds)
        finally:
            server.terminate()
            server.wait()
    engine_table(binary)


def engine_table(binary):
    """The same texts without HTTP."""
    print("\n| guardrail | text | engine alone: p50 ms | p99 ms |")
    print("|---|---|---|---|")
    for name in GUARDRAILS:
        for label, body in TEXTS:
            median, tail = engine(binary, name, body["content"][0]["text"]["text"])
            print(f"| {name} | {label} | {median} | {tail} |", flush=True)


def row(pid, base, path, name, label, body, connections, seconds):
    """Measure and print one row."""
    call(base, path, body)
    before, _ = process_usage(pid)
    result = load(base, path, body, connections, seconds)
    after, resident = process_usage(pid)
    requests = max(result["requests"], 1)
    errors = int(result["socket_errors"] + result["refused"])
    print(
        f"| {name} | {label} | {connections} | {requests / result['seconds']:.0f} | {result['p50_us'] / 1000:.2f} "
        f"| {result['p99_us'] / 1000:.2f} | {(after - before) / requests * 1000:.3f} | {resident:.0f} | {errors} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
