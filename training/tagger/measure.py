"""What the fp32 tagger alone finds, without patterns, on sets of labelled rows.

    python measure.py WORK [SET ...]

Sets are files of `pii/eval` without their ending. Only to look at a run early: what the product finds is
measured by `pretil eval`.
"""

import json
import pathlib
import sys

from calibrate import all_scores, predict
from dataset import TYPES
from write_weights import OUTPUT, load
from fields import DATA, read_rows
from train import load_tokenizer


def main():
    model, saved = load(pathlib.Path(sys.argv[1]))
    print("steps", saved["step"])
    tokenizer = load_tokenizer()
    thresholds = {kind: 0.5 for kind in TYPES}
    if (OUTPUT / "calibration.json").exists():
        thresholds |= json.loads((OUTPUT / "calibration.json").read_text())["thresholds"]
    for name in sys.argv[2:] or ["presidio_synth_v2"]:
        rows = read_rows(DATA / "pii" / "eval" / f"{name}.jsonl.gz")
        labelled = {span["type"] for row in rows for span in row["spans"]}
        read = predict(model, tokenizer, [row for row in rows if row["text"].strip()])
        for kind, (precision, recall, f1, labels) in all_scores(read, thresholds).items():
            if kind in labelled:
                print(f"{name} {kind:10} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({labels})", flush=True)


if __name__ == "__main__":
    main()
