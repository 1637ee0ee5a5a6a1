"""PyTorch as its tutorials have it: NCHW, a DataLoader, one picture a call."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.contenders.optimizers import OF_NET, TORCH
from benchmarks.contenders.prediction import Prediction as Predicting
from benchmarks.contenders.training import Training as Job
from benchmarks.nets.torch_ import build


class Training(Job):
    def prepare(self, **settings: Any) -> None:
        torch.set_num_threads(self.threads)
        torch.manual_seed(self.seed)
        self.model = build(self.net)
        kind, numbers = TORCH[OF_NET[self.net]]
        self.optimizer = getattr(torch.optim, kind)(self.model.parameters(), **numbers)
        self.images, self.tests = (
            torch.from_numpy(x).permute(0, 3, 1, 2).contiguous() for x in (self.x, self.x_test)
        )
        self.labels = torch.from_numpy(self.y)

    def fit(self, count: int) -> float:
        data = TensorDataset(self.images[:count], self.labels[:count])
        right = 0
        self.model.train()
        for images, labels in DataLoader(data, self.batch, shuffle=True):
            self.optimizer.zero_grad()
            outputs = self.model(images)
            loss = F.cross_entropy(outputs, labels)
            loss.backward()
            self.optimizer.step()
            right += (outputs.argmax(1) == labels).sum().item()
        return right / count

    @torch.inference_mode()
    def score(self) -> float:
        self.model.eval()
        found = torch.cat([self.model(x).argmax(1) for x in self.tests.split(256)])
        return float((found.numpy() == self.y_test).mean())

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch")}


class Prediction(Predicting):
    def prepare(self, **settings: Any) -> None:
        torch.set_num_threads(self.threads)
        self.model = build(self.net).eval()
        self.model.load_state_dict(torch.load(self.folder / "state.pt"))
        self.images = torch.from_numpy(self.x).permute(0, 3, 1, 2).contiguous()

    @torch.inference_mode()
    def answer(self) -> Any:
        outputs = self.model(self.images)
        return F.softmax(outputs, 1) if self.net == "S1" else outputs

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch")}
