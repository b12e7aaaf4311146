#!/bin/sh
# From the data and a seed to the committed weights of the tagger: `PRETIL_DATA=<data> ./train.sh WORK`.
set -eu
work=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check torch==2.15.0
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.txt
.venv/bin/python generate.py "$work/sample.jsonl" 20000
.venv/bin/python check_leakage.py "$work/sample.jsonl"
.venv/bin/python train.py "$work"
.venv/bin/python write_weights.py "$work"
.venv/bin/python calibrate.py "$work"
