"""One background thread for work that the loop before it need not wait for, such as saving."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

__all__ = ["Aside"]


class Aside:
    """Does one job at a time beside the caller; no error of a job is lost.

    A job begins when the one before has ended. An error of a job comes out at the next `submit`,
    which then begins nothing, or at `close`. As a context it closes itself; when its body failed
    already, the job's error becomes a note of the body's. A program that ends waits for its job.

    Example:
        >>> done = []
        >>> with Aside() as aside:
        ...     aside.submit(lambda: done.append("saved"))
        >>> done
        ['saved']
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="striate-aside")
        self._job: Future[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is at work, so that `submit` would wait."""
        return self._job is not None and not self._job.done()

    def submit(self, job: Callable[[], object]) -> None:
        """Begins a job, after the one before has ended.

        Raises:
            Exception: what the job before raised; the new one is not begun.
        """
        self.wait()
        self._job = self._pool.submit(_run, job)

    def wait(self) -> None:
        """Returns when no job is at work.

        Raises:
            Exception: what the job raised, once.
        """
        if self._job is not None:
            failure = self._job.exception()  # an interrupted wait leaves the job where it is
            self._job = None
            if failure is not None:
                raise failure

    def close(self) -> None:
        """Waits for the job, then ends the thread; a closed one takes no more jobs.

        Raises:
            Exception: what the job raised, once.
        """
        try:
            self.wait()
        finally:
            self._pool.shutdown(wait=False)

    def __enter__(self) -> Aside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
            return
        try:
            self.close()
        except Exception as failure:
            error.add_note(f"And beside it: {failure}")


def _run(job: Callable[[], object]) -> None:
    job()
