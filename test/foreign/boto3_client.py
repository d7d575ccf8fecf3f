"""boto3 at our S3: one bucket, `remote`, over a folder of which the tests know where it is."""

import os

import boto3
import folder
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = os.environ["ENDPOINT"]
bucket = "remote"


def client(secret="secret", key="key", region="us-east-1", **config):
    config = {"signature_version": "s3v4", "retries": {"max_attempts": 0}, "s3": {"addressing_style": "path"}, "read_timeout": 20} | config
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        region_name=region,
        config=Config(**config),
    )


s3 = client()


def lay(key, data=b"as it was"):
    return at(folder.lay(key, data))


def at(key):
    return {"Bucket": bucket, "Key": key}


def code_of(raised):
    if not isinstance(raised, ClientError):
        return type(raised).__name__
    status = raised.response["ResponseMetadata"]["HTTPStatusCode"]
    return "501" if status == 501 else raised.response["Error"]["Code"]
