"""ONNX Runtime: all its graph optimisations, arrays in and out."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.contenders.prediction import Prediction as Job


class Prediction(Job):
    def prepare(self, **settings: Any) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.add_free_dimension_override_by_name("batch", self.batch)
        path = str(self.folder / "net.onnx")
        self.session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
        self.given = {"x": np.ascontiguousarray(self.x.transpose(0, 3, 1, 2))}

    def answer(self) -> Any:
        return self.session.run(None, self.given)[0]

    def versions(self) -> dict[str, str]:
        return {"onnxruntime": version("onnxruntime")}
