"""Records a line: whole ones are read, whatever else stands between them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from striate.tasks.run.json_lines import read_json_lines

RECORDS = st.lists(
    st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.booleans()), max_size=5
)


@given(RECORDS, st.integers(0, 40))
def test_a_file_that_was_cut_has_all_records_but_the_last(tmp_path_factory, records, cut):
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    lines = [json.dumps(each) for each in records]
    path.write_text("".join(f"{line}\n" for line in lines))
    assert read_json_lines(path) == records
    last = lines[-1] if lines else ""
    kept = last[: min(cut, max(len(last) - 1, 0))]
    path.write_text("".join(f"{line}\n" for line in lines[:-1]) + kept)
    assert read_json_lines(path) == records[:-1]


def test_what_is_no_record_is_passed_over(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n[2]\n3\n\xff\n{"a": \n' + b"[" * 100_000 + b'\n{"a": 2}')
    assert read_json_lines(path) == [{"a": 1}, {"a": 2}]
    assert read_json_lines(tmp_path / "nowhere") == []
