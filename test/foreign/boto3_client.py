"""boto3 at our S3: one bucket, `remote`, over a folder of which the tests know where it is."""

import hashlib
import os
import pathlib

import boto3
import cases
from botocore.config import Config
from botocore.exceptions import ClientError

folder = pathlib.Path(os.environ["FOLDER"])
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
    """Puts a file into the bucket's folder, as a person does."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    cases.settle(world())
    return {"Bucket": bucket, "Key": key}


def at(key):
    return {"Bucket": bucket, "Key": key}


def lies(key):
    """What lies in the folder; None for what is not there."""
    path = folder / key
    return path.read_bytes() if path.is_file() else None


def world():
    files = [path for path in folder.rglob("*") if path.is_file() and ".groundcrew" not in path.parts]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def code_of(raised):
    if not isinstance(raised, ClientError):
        return type(raised).__name__
    status = raised.response["ResponseMetadata"]["HTTPStatusCode"]
    return "501" if status == 501 else raised.response["Error"]["Code"]
