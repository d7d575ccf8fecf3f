"""Asks our Cloud Storage all that Google's own Python client can, and tells of each case how it went."""

import cases
import folder
import storage_bucket  # noqa: F401 (its cases)
import storage_client
import storage_objects  # noqa: F401

cases.run(storage_client.code_of, folder.world)
