# `just` lists the recipes.
default:
    @just --list

# What the continuous integration runs before the real clients: format, lints, tests, arrows, licences.
check:
    ./test --check

# Everything, with the real clients against the release binary.
test:
    ./test

# Only the real clients; arguments go to pytest (`just conformance -k lifecycle`).
conformance *arguments:
    cargo build --release --package pretil-cli
    .venv/bin/python -m pytest conformance {{ arguments }}

# The property tests on many cases that were never drawn before.
explore:
    PROPTEST_RNG_SEED=$(date +%s) PROPTEST_CASES=20000 cargo test --workspace --all-features --test '*propert*'

# Detection quality on every set that is here (PRETIL_DATA names the third parties' folder), compared with
# the committed tables; `just evaluate --write` writes them, `--only SET` runs one.
evaluate *arguments:
    cargo run --release --package pretil-cli -- eval --table evaluation {{ arguments }}

# The benchmarks, ours and the peers'; the results and the machine they ran on: benches/RESULTS.md.
bench:
    cargo bench -p pretil-guardrail --bench sensitive
    cargo bench -p pretil-text --bench views --features mutate
    cargo bench -p pretil-models --bench grounding
    python3 -m venv target/bench-venv
    target/bench-venv/bin/pip install --quiet -r benches/patterns/requirements.lock
    for text in prose support dense documents; do target/bench-venv/bin/python benches/patterns/presidio_patterns.py benches/patterns/$text.txt 3 65536; done
    cargo build --release --package pretil-cli
    python3 benches/http/run.py target/release/pretil
