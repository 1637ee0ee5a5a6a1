"""How data lies in folders and files: each file reads one format, and edits nothing."""

from striate.data.formats.detect import FORMATS, open_index
from striate.data.formats.folder import read_class_folders, read_splits

__all__ = ["FORMATS", "open_index", "read_class_folders", "read_splits"]
