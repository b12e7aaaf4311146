"""Writes the base model as ONNX, in fp32 and in int8 as onnxruntime's own tool makes it.

    python export_onnx.py OUTPUT_DIRECTORY

The graph is the one that torch's exporter makes of BERT: MatMul + Add, LayerNormalization, GELU by Erf.
The int8 file is `quantize_dynamic` with per-channel s8 weights, the most accurate of its
settings; activations are u8, per tensor, with a scale found at run time.
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "training" / "base"))
from reference import Model  # noqa: E402


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, value):
        self.count += 1
        name = f"constant_{self.count}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind, *inputs, output=None, **attributes):
        self.count += 1
        output = output or f"{kind.lower()}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=f"{kind}_{self.count}", **attributes))
        return output


def build(model):
    g, t, d = Graph(), model.tensors, model.dimensions
    width = d.hidden // d.heads

    def linear(prefix, x):
        product = g.op("MatMul", x, g.constant(t[f"{prefix}.weight"].T))
        return g.op("Add", g.constant(t[f"{prefix}.bias"]), product)

    def norm(prefix, x, **kw):
        return g.op(
            "LayerNormalization", x, g.constant(t[f"{prefix}.weight"]), g.constant(t[f"{prefix}.bias"]),
            axis=-1, epsilon=model.epsilon, **kw,
        )

    def split(x, order):
        shaped = g.op("Reshape", x, g.constant(np.array([0, 0, d.heads, width], dtype=np.int64)))
        return g.op("Transpose", shaped, perm=order)

    e = "embeddings"
    length = g.op("Shape", "input_ids", start=1, end=2)
    zero, one = g.constant(np.array([0], dtype=np.int64)), g.constant(np.array([1], dtype=np.int64))
    positions = g.op("Slice", g.constant(t[f"{e}.position_embeddings.weight"][None]), zero, length, one)
    x = g.op("Gather", g.constant(t[f"{e}.word_embeddings.weight"]), "input_ids")
    kinds = g.op("Gather", g.constant(t[f"{e}.token_type_embeddings.weight"]), "token_type_ids")
    x = norm(f"{e}.LayerNorm", g.op("Add", g.op("Add", x, kinds), positions))
    mask = g.op("Unsqueeze", "attention_mask", g.constant(np.array([1, 2], dtype=np.int64)))
    mask = g.op("Sub", g.constant(np.float32(1)), g.op("Cast", mask, to=TensorProto.FLOAT))
    mask = g.op("Mul", mask, g.constant(np.float32(-3.4e38)))
    for layer in range(d.layers):
        p = f"encoder.layer.{layer}"
        q = split(linear(f"{p}.attention.self.query", x), [0, 2, 1, 3])
        k = split(linear(f"{p}.attention.self.key", x), [0, 2, 3, 1])
        v = split(linear(f"{p}.attention.self.value", x), [0, 2, 1, 3])
        scores = g.op("Div", g.op("MatMul", q, k), g.constant(np.float32(np.sqrt(width))))
        weights = g.op("Softmax", g.op("Add", scores, mask), axis=-1)
        context = g.op("Transpose", g.op("MatMul", weights, v), perm=[0, 2, 1, 3])
        context = g.op("Reshape", context, g.constant(np.array([0, 0, d.hidden], dtype=np.int64)))
        x = norm(f"{p}.attention.output.LayerNorm", g.op("Add", linear(f"{p}.attention.output.dense", context), x))
        inner = linear(f"{p}.intermediate.dense", x)
        erf = g.op("Erf", g.op("Div", inner, g.constant(np.float32(np.sqrt(2)))))
        inner = g.op("Mul", g.op("Mul", inner, g.op("Add", erf, g.constant(np.float32(1)))), g.constant(np.float32(0.5)))
        last = {"output": "last_hidden_state"} if layer + 1 == d.layers else {}
        x = norm(f"{p}.output.LayerNorm", g.op("Add", linear(f"{p}.output.dense", inner), x), **last)
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in names]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", d.hidden])
    graph = helper.make_graph(g.nodes, "minilm", inputs, [output], g.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def main():
    output = pathlib.Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    onnx.save(build(Model()), output / "fp32.onnx")
    quantize_dynamic(
        output / "fp32.onnx", output / "int8.onnx",
        per_channel=True, reduce_range=False, weight_type=QuantType.QInt8,
    )


if __name__ == "__main__":
    main()
