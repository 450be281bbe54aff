"""What is written to a disk by Python itself: whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


def write(path: str | os.PathLike[str], data: bytes) -> Path:
    """Writes a file. Until all of it is written, what was there before stays.

    Raises:
        OSError: as ``open`` does, and where the disk is full; no part of the file is there then.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        # A device or a pipe is written to, not replaced; a folder says what it is.
        path.write_bytes(data)
        return path
    # A link stays one; beside the file, so that the two are on one disk.
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(target.parent))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return path


def _umask() -> int:
    """What new files are denied here. It can't be read without being set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
