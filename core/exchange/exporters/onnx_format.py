"""ONNX: the open format that most programs for running networks read."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from core import __version__
from core.base.arrays import ByteArray, FloatArray
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.portable import Portable, Stage, quantized

OPSET, IR_VERSION = 13, 7  # old enough for every runtime in use; newer ones read them, too
_NODES = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "leaky-relu": "LeakyRelu"}
_NODES |= {"elu": "Elu", "softmax": "Softmax"}


class OnnxFile:
    """What onnxruntime, OpenCV, ML.NET, MATLAB and browsers run."""

    label: ClassVar[str] = "ONNX"
    help: ClassVar[str] = (
        "For onnxruntime, OpenCV, ML.NET, MATLAB and others. Input “image”: float32"
        " (N, 1, height, width), 0 to 255, light ink on dark; output “probabilities”."
    )
    suffix: ClassVar[str] = ".onnx"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "float16", "int8")
    tolerance: ClassVar[float] = 1e-5

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the model, checked by onnx.checker."""
        import onnx  # noqa: PLC0415 - a third of a second; only exporting needs it

        model = _Graph(precision).model(portable)
        try:
            onnx.checker.check_model(model, full_check=True)
        except onnx.checker.ValidationError as error:
            raise ExportError(Path("ONNX"), f"ONNX cannot hold this network: {error}.") from error
        content: bytes = model.SerializeToString(deterministic=True)
        return content

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Run the file by ONNX's own reference implementation."""
        from onnx.reference import ReferenceEvaluator  # noqa: PLC0415

        height, width = portable.image_shape
        x = images.reshape(-1, 1, height, width).astype(np.float32)
        answers = ReferenceEvaluator(str(path)).run(None, {"image": x})[0]
        return Checked(np.asarray(answers, np.float64), "onnx.reference")


class _Graph:
    """Collects nodes and numbers; each node's output is the next one's input."""

    def __init__(self, precision: str) -> None:
        from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

        self._helper, self._numpy, self._types = helper, numpy_helper, TensorProto
        self._precision = precision
        self._nodes: list[Any] = []
        self._numbers: list[Any] = []
        self._counter = itertools.count()

    def model(self, portable: Portable) -> Any:
        """Return the whole ModelProto."""
        (height, width), classes = portable.image_shape, len(portable.class_names)
        x = self._node("Flatten", ["image"], axis=1)
        for stage in portable.stages:
            x = self._stage(stage, x)
        self._answer(portable.output, x)
        make, kind = self._helper.make_tensor_value_info, self._types.FLOAT
        graph = self._helper.make_graph(
            self._nodes,
            "inkling",
            [make("image", kind, ["N", 1, height, width])],
            [make("probabilities", kind, ["N", classes])],
            self._numbers,
            doc_string="Light ink (255) on dark paper (0); the digit's longer side fills 20 of"
            " 28 pixels, its centre of mass lies at pixel 14.",
        )
        model = self._helper.make_model(
            graph,
            opset_imports=[self._helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="Inkling",
            producer_version=__version__,
        )
        self._helper.set_model_props(model, dict(_facts(portable)))
        return model

    def _node(self, kind: str, inputs: list[str], output: str = "", **settings: Any) -> str:
        name = output or f"{kind.lower()}_{next(self._counter)}"
        self._nodes.append(self._helper.make_node(kind, inputs, [name], name=name, **settings))
        return name

    def _number(self, value: Any, name: str = "number") -> str:
        made = f"{name}_{next(self._counter)}"
        self._numbers.append(self._numpy.from_array(np.ascontiguousarray(value), made))
        return made

    def _stage(self, stage: Stage, x: str) -> str:
        arrays = stage.arrays
        if stage.kind == "scale":
            x = self._node("Sub", [x, self._number(_row(arrays["offset"]), "offset")])
            return self._node("Mul", [x, self._number(_row(arrays["factor"]), "factor")])
        if stage.kind == "dense":
            x = self._node("MatMul", [x, self._weights(arrays["weights"])])
            return self._node("Add", [x, self._number(arrays["biases"], "biases")])
        if stage.kind == "batch-normalization":
            wide = {name: array.astype(np.float64) for name, array in arrays.items()}
            scale = wide["gamma"] / np.sqrt(wide["variance"] + stage.settings["epsilon"])
            shift = wide["beta"] - wide["mean"] * scale
            x = self._node("Mul", [x, self._number(scale.astype(np.float32), "scale")])
            return self._node("Add", [x, self._number(shift.astype(np.float32), "shift")])
        return self._activation(stage, x) if stage.kind == "activation" else x

    def _weights(self, weights: FloatArray) -> str:
        if self._precision == "float16":
            half = self._number(weights.astype(np.float16), "weights")
            return self._node("Cast", [half], to=self._types.FLOAT)
        if self._precision == "int8":
            # Not DequantizeLinear, whose axis ONNX's reference knows only from opset 19 on.
            whole, factors = quantized(weights)
            wide = self._node("Cast", [self._number(whole, "weights")], to=self._types.FLOAT)
            return self._node("Mul", [wide, self._number(factors, "factors")])
        return self._number(weights, "weights")

    def _activation(self, stage: Stage, x: str) -> str:
        if stage.name == "linear":
            return x
        if stage.name == "gelu":  # a node of its own only since opset 20
            root = self._number(np.float32(np.sqrt(0.5)).reshape(1))
            erf = self._node("Erf", [self._node("Mul", [x, root])])
            one = self._node("Add", [erf, self._number(np.ones(1, np.float32))])
            half = self._node("Mul", [x, self._number(np.full(1, 0.5, np.float32))])
            return self._node("Mul", [half, one])
        settings: dict[str, Any] = {"axis": 1} if stage.name == "softmax" else {}
        for value in stage.settings.values():  # slope or alpha: one at most
            settings["alpha"] = value
        return self._node(_NODES[stage.name], [x], **settings)

    def _answer(self, output: str, x: str) -> None:
        if output == "softmax":
            self._node("Softmax", [x], "probabilities", axis=1)
            return
        each = self._node("Sigmoid", [x])
        total = self._node("ReduceSum", [each, self._number(np.array([1], np.int64))], keepdims=1)
        tiny = self._number(np.full(1, np.finfo(np.float32).tiny, np.float32))
        self._node("Div", [each, self._node("Max", [total, tiny])], "probabilities")


def _row(values: FloatArray) -> FloatArray:
    return values.astype(np.float32).reshape(1, -1)


def _facts(portable: Portable) -> Iterator[tuple[str, str]]:

    yield "name", portable.name
    yield "class_names", json.dumps(portable.class_names, ensure_ascii=False)
    yield "input", "float32 (N, 1, height, width), 0 paper to 255 ink, light on dark"
    yield from ((str(key), str(value)) for key, value in portable.facts.items())


EXPORTERS.add("onnx", OnnxFile())
