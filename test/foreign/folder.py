"""The folder behind a bucket: what a person lays there, and what a client has left there."""

import hashlib
import os
import pathlib

import cases

folder = pathlib.Path(os.environ["FOLDER"])


def lay(key, data=b"as it was"):
    """Puts a file there, as a person does, before the client asks."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    cases.settle(world())
    return key


def lies(key):
    """What lies there; None for what does not."""
    path = folder / key
    return path.read_bytes() if path.is_file() else None


def world():
    files = [path for path in folder.rglob("*") if path.is_file() and ".groundcrew" not in path.parts]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
