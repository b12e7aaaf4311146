#!/bin/sh
# From a checkpoint to committed files: int8 weights, then the calibration by the product's own scores.
#
#     ./finish.sh work/second
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-.venv/bin/python}
weights=../../crates/models/weights/grounding-l6-int8
$python write_weights.py --from "$1"
$python calibrate.py --rows work/held_out.jsonl
# The build embeds the calibration, hence the two builds; the first has one that changes no order.
$python calibrate.py --to $weights/calibration.json
cargo build --release --package pretil-cli
for task in grounding relevance; do
  ../../target/release/pretil eval --data work/held_out.jsonl --task $task --scores work/$task.jsonl > /dev/null
done
$python calibrate.py --grounding work/grounding.jsonl --relevance work/relevance.jsonl --to $weights/calibration.json
cargo build --release --package pretil-cli
