"""Files in and out, safely: pictures, downloads, folders that survive a crash."""
