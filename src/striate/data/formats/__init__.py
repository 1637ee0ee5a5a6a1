"""How data lies in folders: each file reads one layout, and edits nothing."""

from striate.data.formats.folder import read_class_folders, read_splits

__all__ = ["read_class_folders", "read_splits"]
