"""Every kernel that this machine runs, beside the fastest; prints a table for benches/RESULTS.md.

    cargo build --release
    python kernels.py [ROUNDS]

CPU time of one text on one thread, the least of the rounds: on a busy machine that is disturbed least. In
brackets the time relative to the first kernel.
"""

import sys

from run import WEIGHTS, WORKER, Engine, ids_of

LENGTHS = (16, 64, 128, 256)
KERNELS = ("avx512-vnni", "avx-vnni", "avx2", "portable")


def milliseconds(engine, length):
    repeats = max(2, 256 // length)
    before = engine.cpu()
    engine.ask(repeats, ids_of(length))
    return (engine.cpu() - before) / repeats * 1e3


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    engines = {}
    for kernel in KERNELS:
        try:
            engines[kernel] = Engine(WORKER, f"pretil-{kernel}", WEIGHTS)
        except IndexError:
            print(f"{kernel}: not on this machine", file=sys.stderr)
    least = {}
    for length in LENGTHS:
        for _ in range(rounds):
            for kernel, engine in engines.items():
                found = milliseconds(engine, length)
                least[kernel, length] = min(found, least.get((kernel, length), found))
    first = next(iter(engines))
    print("| kernel | " + " | ".join(map(str, LENGTHS)) + " |\n|---|" + "---|" * len(LENGTHS))
    for kernel, engine in engines.items():
        cells = (f"{least[kernel, length]:.2f} ({least[kernel, length] / least[first, length]:.1f}×)" for length in LENGTHS)
        print(f"| {kernel} | " + " | ".join(cells) + " |")
        engine.stop()


if __name__ == "__main__":
    main()
