"""PyTorch by one who knows it: channels-last, slices of a tensor, foreach or fused optimizers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import torch
import torch.nn.functional as F

import striate
from benchmarks.contenders.optimizers import OF_NET, TORCH, TUNED
from benchmarks.contenders.prediction import Prediction as Predicting
from benchmarks.contenders.training import Training as Job
from benchmarks.nets.torch_ import build


class Training(Job):
    def prepare(
        self, *, bfloat16: bool = False, compiled: bool = False, keep: bool = False
    ) -> None:
        if keep:
            striate.train.keep_memory()
        torch.set_num_threads(self.threads)
        torch.manual_seed(self.seed)
        self.bfloat16 = bfloat16
        self.model = build(self.net, tuned=True).to(self.device, memory_format=torch.channels_last)
        self.forward = torch.compile(self.loss) if compiled else self.loss
        kind, numbers = TORCH[OF_NET[self.net]]
        more = TUNED[OF_NET[self.net]]
        self.optimizer = getattr(torch.optim, kind)(self.model.parameters(), **numbers, **more)
        self.images, self.tests, self.labels = (
            torch.from_numpy(each).to(self.device) for each in (self.x, self.x_test, self.y)
        )

    def loss(self, images, labels):
        outputs = self.model(images)
        return F.cross_entropy(outputs.float(), labels), outputs

    def fit(self, count: int) -> float:
        order = torch.randperm(count, device=self.device)
        right = torch.zeros((), dtype=torch.int64, device=self.device)
        self.model.train()
        for chosen in order.split(self.batch):
            images = self.images.index_select(0, chosen).permute(0, 3, 1, 2)
            labels = self.labels.index_select(0, chosen)
            with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16):
                loss, outputs = self.forward(images, labels)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            right += (outputs.detach().argmax(1) == labels).sum()
        return int(right) / count

    @torch.inference_mode()
    def score(self) -> float:
        self.model.eval()
        parts = self.tests.permute(0, 3, 1, 2).split(256)
        found = torch.cat([self.model(x).argmax(1) for x in parts])
        return float((found.cpu().numpy() == self.y_test).mean())

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch")}


class Prediction(Predicting):
    def prepare(self, *, compiled: bool = False) -> None:
        torch.set_num_threads(self.threads)
        self.model = build(self.net).eval()
        self.model.load_state_dict(torch.load(self.folder / "state.pt"))
        self.model.to(memory_format=torch.channels_last)
        self.images = torch.from_numpy(self.x).permute(0, 3, 1, 2)
        if compiled:
            torch._inductor.config.freezing = True
            self.model = torch.compile(self.model)

    @torch.inference_mode()
    def answer(self) -> Any:
        outputs = self.model(self.images)
        return F.softmax(outputs, 1) if self.net == "S1" else outputs

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch")}
