"""Times on a page: each kind of work with its share, and the error beside them."""

from striate.plan import Report, report_page
from striate.plan.time_section import time_section
from tests.io.test_markup import parsed
from tests.plan.test_step_time import PLAN, TIMED
from tests.plan.test_time_lines import LINES, SOURCE


def test_a_page_tells_times():
    text = report_page(Report(PLAN.timed(TIMED), samples=4))
    parsed(text)
    assert SOURCE in text
    assert LINES[0].split(";")[0] + ", 46 s an epoch of 4;" in text
    assert "<h2>Time</h2>" in text
    first, second = text.split("To predict</h3>")[0], text.split("To predict</h3>")[-1]
    assert "<td>dispatch</td>" in first
    assert "<td>dispatch</td>" not in second
    assert 'style="width:100.0%"' in second


def test_a_page_without_times():
    assert time_section(PLAN) == []
    assert "<h2>Time</h2>" not in report_page(Report(PLAN))
