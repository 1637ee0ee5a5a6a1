"""One error, one exit code, one sentence."""

import pytest
import torch
import typer

from striate import errors
from striate.cli.exit_codes import TABLE, Failures, exit_code

CODES = [
    (errors.ArgumentError("x"), 2),
    (errors.ShapeError("x"), 2),
    (errors.MissingExtraError("x"), 2),
    (errors.DataError("x"), 3),
    (errors.WeightsError("x"), 4),
    (errors.PlanError("x"), 5),
    (MemoryError(), 5),
    (torch.OutOfMemoryError("CUDA out of memory"), 5),
    (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), 5),
    (RuntimeError("std::bad_alloc"), 5),
    (KeyError("std::bad_alloc"), 1),
    (errors.DivergedError("x"), 6),
    (KeyboardInterrupt(), 130),
    (errors.NotBuiltError("x"), 1),
    (ZeroDivisionError("x"), 1),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_codes(error, code):
    assert exit_code(error) == code
    assert f"{code:5}  " in TABLE


def test_what_the_processor_says_without_memory_is_understood():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert exit_code(caught.value) == 5


def told(capsys, error, *, debug=False):
    failures = Failures()
    failures.debug = debug

    def command():
        raise error

    with pytest.raises(SystemExit) as ended:
        failures.guard(command)()
    out, err = capsys.readouterr()
    assert out == ""
    return ended.value.code, err


def test_one_sentence_without_a_traceback(capsys):
    assert told(capsys, errors.DataError("Folder: must be.")) == (3, "Folder: must be.\n")
    assert told(capsys, KeyboardInterrupt()) == (130, "Stopped by Ctrl-C.\n")
    code, text = told(capsys, MemoryError())
    fix = "Close other programs, or use fewer or smaller pictures at a time."
    assert text == f"Memory must suffice. Got: MemoryError. {fix}\n"
    words = "fit: must have memory for batches of 64. Got 1 GiB. Use batch_size=22."
    assert told(capsys, errors.PlanError(words)) == (5, f"{words}\n")
    code, text = told(capsys, KeyError("x"))
    assert text == "KeyError: 'x' This is an error in striate; striate --debug … shows where.\n"
    assert code == 1


def test_what_the_system_refuses_is_no_error_of_ours(capsys):
    error = OSError(28, "No space left on device", "runs/x")
    words = 'The system refuses "runs/x": No space left on device. Check disk and rights.\n'
    assert told(capsys, error) == (3, words)
    assert told(capsys, OSError(5, "Input/output error"))[1].startswith("The system refuses: Input")


def test_a_picture_that_memory_cannot_hold_keeps_its_sentence(capsys):
    try:
        raise MemoryError
    except MemoryError:
        with pytest.raises(errors.DataError) as caught:
            raise errors.DataError('Picture "x": must fit into memory.') from None
    assert told(capsys, caught.value) == (5, 'Picture "x": must fit into memory.\n')


def test_debug_shows_where(capsys):
    code, text = told(capsys, errors.DataError("words"), debug=True)
    assert code == 3
    assert "Traceback" in text
    assert "in command" in text


def test_an_ending_of_the_commands_own_passes():
    def command():
        raise typer.Exit(3)

    with pytest.raises(typer.Exit):
        Failures().guard(command)()


def test_a_reader_that_went_away_is_no_error_of_ours():
    def command():
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        Failures().guard(command)()


def test_what_a_command_returns_passes():
    assert Failures().guard(lambda x: x + 1)(1) == 2


def test_notes_follow_and_nothing_gives_orders_to_the_terminal(capsys):
    error = errors.WeightsError("a \x1b[2J sentence.")
    error.add_note("one\ntwo \x07")
    assert told(capsys, error) == (4, "a \\x1b[2J sentence.\none\ntwo \\x07\n")
