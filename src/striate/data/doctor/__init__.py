"""The data doctor: what is wrong with the pictures of a data set, before a net is trained on them.

`check_data("photos/")` looks at files, headers, labels, and in full at all pixels. It reads and
reports; it never writes into the data.
"""

from striate.data.doctor.checkup import Checkup, check_data, check_indices
from striate.data.doctor.finding import KINDS, Finding, Kind
from striate.data.doctor.page import refuse_inside, refuse_other_files, write_checkup

__all__ = [
    "KINDS",
    "Checkup",
    "Finding",
    "Kind",
    "check_data",
    "check_indices",
    "refuse_inside",
    "refuse_other_files",
    "write_checkup",
]
