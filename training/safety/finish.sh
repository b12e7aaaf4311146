#!/bin/sh
# From a checkpoint to committed files: int8 weights, then the calibration by the product's own scores.
#
#     ./finish.sh work/fourth
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-.venv/bin/python}
weights=../../crates/models/weights/content-l6-int8
$python export.py --from "$1"
# The build embeds the calibration, hence the two builds.
$python calibrate.py --from "$1" --held-out work/held_out.jsonl --to $weights/calibration.json
cargo build --release --package pretil-cli
for task in content attack; do
  ../../target/release/pretil eval --data work/held_out.jsonl --task $task --scores work/$task.jsonl > /dev/null
done
$python calibrate.py --scores work/content.jsonl --scores work/attack.jsonl --from "$1" --to $weights/calibration.json
cargo build --release --package pretil-cli
