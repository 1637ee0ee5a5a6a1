"""The recipe of the book in tuned PyTorch."""

from __future__ import annotations

from benchmarks.contenders.torch_tuned import Training
from benchmarks.whole_runs.book_recipe import BATCH, NET, data, until_target, words


class Book(Training):
    """The job of the training row on the pictures as the book has them."""

    def __init__(self, name: str, pictures: str, *, seed: int, threads: int) -> None:
        (self.x, self.y), (self.x_test, self.y_test) = data(name, pictures)
        self.net, self.batch = NET[name], BATCH[name]
        self.seed, self.threads, self.device = seed, threads, "cpu"
        self.prepare()


def main() -> None:
    name, pictures, seed, threads = words()
    job = Book(name, pictures, seed=seed, threads=threads)

    def epoch() -> float:
        job.fit(len(job.x))
        return job.score()

    until_target(name, epoch)


if __name__ == "__main__":
    main()
