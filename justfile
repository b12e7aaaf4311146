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

# The benchmarks; results and the machine they ran on: benches/RESULTS.md.
bench:
    cargo bench --workspace
