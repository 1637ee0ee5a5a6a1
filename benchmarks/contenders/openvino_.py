"""OpenVINO: compiled for the processor in its latency mode, float32, arrays in and out."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
import openvino

from benchmarks.contenders.prediction import Prediction as Job


class Prediction(Job):
    def prepare(self, **settings: Any) -> None:
        core = openvino.Core()
        model = core.read_model(self.folder / "net.onnx")
        self.given = np.ascontiguousarray(self.x.transpose(0, 3, 1, 2))
        model.reshape(self.given.shape)
        how = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": str(self.threads),
        }
        self.compiled = core.compile_model(model, "CPU", how)

    def answer(self) -> Any:
        return self.compiled(self.given)[0]

    def versions(self) -> dict[str, str]:
        return {"openvino": version("openvino")}
