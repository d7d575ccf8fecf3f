"""Asks our S3 all that boto3 can, and tells of each case how it went."""

import boto3_bucket  # noqa: F401 (its cases)
import boto3_objects  # noqa: F401
import boto3_uploads  # noqa: F401
import boto3_client
import cases
import folder

cases.run(boto3_client.code_of, folder.world)
