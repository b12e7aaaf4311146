"""A Python engine behind the line protocol of src/main.rs.

    python worker.py ort|torch FILE THREADS

`torch` ignores FILE: it is plain eager fp32 with torch's own scaled_dot_product_attention.
"""

import pathlib
import sys
import time

import numpy as np


def ort(path, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def encode(ids):
        ids = np.array([ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return session.run(["last_hidden_state"], feeds)[0][0]

    return encode


def torch_fp32(_path, threads):
    import torch
    import torch.nn.functional as F

    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "training" / "base"))
    from reference import Model

    torch.set_num_threads(threads)
    model = Model()
    d = model.dimensions
    t = {name: torch.from_numpy(value.copy()) for name, value in model.tensors.items() if value.dtype == np.float32}
    e = "embeddings"

    def linear(prefix, x):
        return F.linear(x, t[f"{prefix}.weight"], t[f"{prefix}.bias"])

    def norm(prefix, x):
        return F.layer_norm(x, (d.hidden,), t[f"{prefix}.weight"], t[f"{prefix}.bias"], model.epsilon)

    def split(x):
        return x.view(1, -1, d.heads, d.hidden // d.heads).transpose(1, 2)

    @torch.inference_mode()
    def encode(ids):
        ids = torch.tensor([ids])
        x = F.embedding(ids, t[f"{e}.word_embeddings.weight"])
        x = x + t[f"{e}.token_type_embeddings.weight"][0] + t[f"{e}.position_embeddings.weight"][: ids.shape[1]]
        x = norm(f"{e}.LayerNorm", x)
        for layer in range(d.layers):
            p = f"encoder.layer.{layer}"
            q, k, v = (split(linear(f"{p}.attention.self.{part}", x)) for part in ("query", "key", "value"))
            context = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(1, -1, d.hidden)
            x = norm(f"{p}.attention.output.LayerNorm", linear(f"{p}.attention.output.dense", context) + x)
            inner = F.gelu(linear(f"{p}.intermediate.dense", x))
            x = norm(f"{p}.output.LayerNorm", linear(f"{p}.output.dense", inner) + x)
        return x[0].numpy()

    return encode


def main():
    kind, path, threads = sys.argv[1:4]
    start = time.perf_counter()
    encode = {"ort": ort, "torch": torch_fp32}[kind](path, int(threads))
    encode([101, 102])
    print(f"ready {(time.perf_counter() - start) * 1e3:.3f}", flush=True)
    for line in sys.stdin:
        repeats, *ids = map(int, line.split())
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            encode(ids)
            times.append(time.perf_counter() - start)
        print(" ".join(f"{t:.7f}" for t in times), flush=True)


if __name__ == "__main__":
    main()
