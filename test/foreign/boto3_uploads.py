"""Uploads in parts: begun, brought, listed, completed, given up."""

import urllib.request
import urllib.error

from boto3_client import at, bucket, lay, s3
from cases import case, same
from folder import lies

five = b"5" * (5 << 20)


def begun(key, **more):
    upload = at(key) | {"UploadId": s3.create_multipart_upload(**at(key), **more)["UploadId"]}
    return upload


def brought(upload, *bodies, first=1):
    parts = []
    for number, body in enumerate(bodies, first):
        tag = s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"]
        parts.append({"PartNumber": number, "ETag": tag})
    return parts


def completed(upload, parts, **more):
    return s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, **more)


@case("two parts", "joined; the tag ends with their number")
def two_parts():
    upload = begun("parts/two")
    got = completed(upload, brought(upload, five, b"end"))
    same((lies("parts/two"), got["ETag"].endswith('-2"'), got["Key"], got["Bucket"]), (five + b"end", True, "parts/two", bucket))


@case("a key with signs", "its own name comes back")
def parts_key():
    upload = begun("parts/a b+\u00fc")
    got = completed(upload, brought(upload, b"one"))
    same((got["Key"], lies("parts/a b+\u00fc")), ("parts/a b+\u00fc", b"one"))


@case("beginning with a key with signs", "its own name comes back")
def begin_key():
    same(s3.create_multipart_upload(**at("parts/begin a+b"))["Key"], "parts/begin a+b")


@case("nothing before the completion", "nothing there")
def parts_unseen():
    upload = begun("parts/unseen")
    brought(upload, b"one")
    same(lies("parts/unseen"), None)


@case("a part brought twice", "the later one")
def part_twice():
    upload = begun("parts/twice")
    brought(upload, b"first")
    completed(upload, brought(upload, b"later"))
    same(lies("parts/twice"), b"later")


@case("a part left out of the completion", "left out")
def part_left_out():
    upload = begun("parts/left-out")
    parts = brought(upload, five, five, b"end")
    completed(upload, [parts[0], parts[2]])
    same(lies("parts/left-out"), five + b"end")


@case("parts in the wrong order", "InvalidPartOrder", expect="InvalidPartOrder")
def parts_order():
    upload = begun("parts/order")
    completed(upload, brought(upload, five, b"end")[::-1])


@case("a part twice in the completion", "InvalidPartOrder", expect="InvalidPartOrder")
def parts_same():
    upload = begun("parts/same")
    completed(upload, brought(upload, five) * 2)


@case("a part by another tag", "InvalidPart", expect="InvalidPart")
def parts_tag():
    upload = begun("parts/tag")
    brought(upload, b"one")
    completed(upload, [{"PartNumber": 1, "ETag": '"other"'}])


@case("a part that never came", "InvalidPart", expect="InvalidPart")
def parts_missing():
    upload = begun("parts/missing")
    completed(upload, brought(upload, five) + [{"PartNumber": 7, "ETag": '"other"'}])


@case("a small part before the last", "EntityTooSmall", expect="EntityTooSmall")
def parts_small():
    upload = begun("parts/small")
    completed(upload, brought(upload, b"small", b"end"))


@case("no parts", "MalformedXML", expect="MalformedXML")
def parts_none():
    completed(begun("parts/none"), [])


@case("a part of the number 0", "InvalidArgument", expect="InvalidArgument")
def part_zero():
    s3.upload_part(**begun("parts/zero"), PartNumber=0, Body=b"")


@case("a part of the number 10,001", "InvalidArgument", expect="InvalidArgument")
def part_too_many():
    s3.upload_part(**begun("parts/many"), PartNumber=10_001, Body=b"")


@case("a part of an upload that is not there", "NoSuchUpload", expect="NoSuchUpload")
def part_nowhere():
    s3.upload_part(**at("parts/nowhere"), UploadId="nope", PartNumber=1, Body=b"")


@case("a part of an upload of another key", "NoSuchUpload", expect="NoSuchUpload")
def part_other_key():
    s3.upload_part(**(begun("parts/this") | {"Key": "parts/other"}), PartNumber=1, Body=b"")


@case("a part with another sum", "BadDigest", expect="BadDigest")
def part_sum():
    s3.upload_part(**begun("parts/sum"), PartNumber=1, Body=b"one", ChecksumCRC32="AAAAAA==")


@case("a part that is a copy", "copied", expect="501")
def part_copy():
    source = lay("parts/source", b"source")
    upload = begun("parts/copy")
    s3.upload_part_copy(**upload, PartNumber=1, CopySource=source)


@case("giving up", "nothing there, and the upload gone")
def abort():
    upload = begun("parts/abort")
    brought(upload, b"one")
    s3.abort_multipart_upload(**upload)
    same(lies("parts/abort"), None)
    same([one for one in s3.list_multipart_uploads(Bucket=bucket, Prefix="parts/abort").get("Uploads", [])], [])


@case("giving up twice", "NoSuchUpload", expect="NoSuchUpload")
def abort_twice():
    upload = begun("parts/abort-twice")
    s3.abort_multipart_upload(**upload)
    s3.abort_multipart_upload(**upload)


@case("completing what was given up", "NoSuchUpload", expect="NoSuchUpload")
def complete_aborted():
    upload = begun("parts/complete-aborted")
    parts = brought(upload, b"one")
    s3.abort_multipart_upload(**upload)
    completed(upload, parts)


@case("the list of an upload's parts", "each with its size and tag", expect="501")
def list_parts():
    upload = begun("parts/list")
    brought(upload, b"one")
    same([one["Size"] for one in s3.list_parts(**upload)["Parts"]], [3])


@case("the list of uploads", "key and id")
def list_uploads():
    upload = begun("uploads/one")
    (got,) = s3.list_multipart_uploads(Bucket=bucket, Prefix="uploads/")["Uploads"]
    same((got["Key"], got["UploadId"]), ("uploads/one", upload["UploadId"]))


@case("the list of uploads in pages of one", "all, once")
def list_uploads_pages():
    ids = {begun(f"pages/{number}")["UploadId"] for number in range(3)}
    pages = s3.get_paginator("list_multipart_uploads").paginate(
        Bucket=bucket, Prefix="pages/", PaginationConfig={"PageSize": 1}
    )
    same({one["UploadId"] for page in pages for one in page.get("Uploads", [])}, ids)


@case("the list of uploads by the delimiter", "folders apart", expect="501")
def list_uploads_delimiter():
    s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")


@case("what an upload says of its object", "kept")
def upload_metadata():
    upload = begun("parts/metadata", ContentType="text/own", Metadata={"a": "b"}, CacheControl="no-store")
    completed(upload, brought(upload, b"one"))
    got = s3.head_object(**at("parts/metadata"))
    same((got["ContentType"], got["Metadata"], got["CacheControl"]), ("text/own", {"a": "b"}, "no-store"))


@case("an upload with tags", "kept", expect="501")
def upload_tags():
    begun("parts/tags", Tagging="a=b")


@case("an upload with a class", "kept", expect="501")
def upload_class():
    begun("parts/class", StorageClass="GLACIER")


@case("completing if nothing is there, over an object", "PreconditionFailed", expect="PreconditionFailed")
def complete_if_none():
    upload = begun("parts/if-none")
    parts = brought(upload, b"one")
    lay("parts/if-none")
    completed(upload, parts, IfNoneMatch="*")


@case("completing with the whole's sum", "held against the bytes", expect="501")
def complete_sum():
    upload = begun("parts/whole")
    completed(upload, brought(upload, b"one"), ChecksumCRC32="AAAAAA==")


@case("completing with the whole's size", "held against the bytes", expect="501")
def complete_size():
    upload = begun("parts/size")
    completed(upload, brought(upload, b"one"), MpuObjectSize=4)


@case("a part put with a number and no upload", "InvalidArgument or refused", expect="right")
def part_without_upload():
    lay("parts/without")
    address = s3.generate_presigned_url("put_object", Params=at("parts/without"))
    try:
        urllib.request.urlopen(urllib.request.Request(f"{address}&partNumber=1", data=b"x", method="PUT"))
    except urllib.error.HTTPError as error:
        same((error.code in (400, 403, 501), lies("parts/without")), (True, b"as it was"))
    else:
        raise AssertionError("taken")
