"""Listings, sub-resources of objects and buckets, conditions, and who may."""

import datetime

from boto3_client import at, bucket, client, endpoint, lay, s3
from cases import case, same
from folder import lies
from botocore import UNSIGNED
from botocore.config import Config
import boto3


def tag_of(key):
    return s3.head_object(**at(key))["ETag"]


@case("GET if the tag matches", "the bytes")
def get_if_match():
    lay("if/match")
    same(s3.get_object(**at("if/match"), IfMatch=tag_of("if/match"))["Body"].read(), b"as it was")


@case("GET if another tag matches", "412", expect="PreconditionFailed")
def get_if_match_other():
    s3.get_object(**lay("if/other"), IfMatch='"other"')


@case("GET if the tag does not match", "304", expect="304")
def get_if_none_match():
    lay("if/none")
    s3.get_object(**at("if/none"), IfNoneMatch=tag_of("if/none"))


@case("GET if modified since tomorrow's yesterday", "the bytes")
def get_if_modified():
    before = datetime.datetime(2001, 1, 1)
    same(s3.get_object(**lay("if/modified"), IfModifiedSince=before)["Body"].read(), b"as it was")


@case("GET if modified since now", "304", expect="304")
def get_if_modified_not():
    lay("if/unmodified")
    s3.get_object(**at("if/unmodified"), IfModifiedSince=s3.head_object(**at("if/unmodified"))["LastModified"])


@case("GET if unmodified since long ago", "412", expect="PreconditionFailed")
def get_if_unmodified():
    s3.get_object(**lay("if/old"), IfUnmodifiedSince=datetime.datetime(2001, 1, 1))


@case("HEAD if another tag matches", "412 without a body", expect="412")
def head_if_match():
    s3.head_object(**lay("if/head"), IfMatch='"other"')


@case("GET if the tag matches, and unmodified since long ago", "the bytes: the tag counts")
def get_match_before_date():
    lay("if/both")
    old = datetime.datetime(2001, 1, 1)
    s3.get_object(**at("if/both"), IfMatch=tag_of("if/both"), IfUnmodifiedSince=old)


@case("PUT if nothing is there, over an object", "412", expect="PreconditionFailed")
def put_if_none():
    s3.put_object(**lay("if/put"), Body=b"new", IfNoneMatch="*")


@case("PUT if nothing is there", "written")
def put_if_none_new():
    s3.put_object(**at("if/new"), Body=b"new", IfNoneMatch="*")
    same(lies("if/new"), b"new")


@case("PUT if the tag matches", "written")
def put_if_match():
    lay("if/swap")
    s3.put_object(**at("if/swap"), Body=b"new", IfMatch=tag_of("if/swap"))
    same(lies("if/swap"), b"new")


@case("PUT if another tag matches", "412", expect="PreconditionFailed")
def put_if_match_other():
    s3.put_object(**lay("if/swap-other"), Body=b"new", IfMatch='"other"')


@case("PUT if a tag matches where nothing is", "NoSuchKey", expect="NoSuchKey")
def put_if_match_missing():
    s3.put_object(**at("if/missing"), Body=b"new", IfMatch='"other"')


@case("PUT at an offset", "appended (directory buckets alone)", expect="501")
def put_offset():
    s3.put_object(**lay("if/offset"), Body=b"more", WriteOffsetBytes=9)


def tree():
    for key in ("list/a", "list/b/1", "list/b/2", "list/c", "list/d e", "list/\u00fc"):
        lay(key)


def keys(answer):
    return [one["Key"] for one in answer.get("Contents", [])]


@case("a listing", "in the order of UTF-8")
def list_all():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/")
    told = (keys(got), got["KeyCount"], got["IsTruncated"], got["Name"], got["Prefix"], got["MaxKeys"])
    all_keys = ["list/a", "list/b/1", "list/b/2", "list/c", "list/d e", "list/\u00fc"]
    same(told, (all_keys, 6, False, bucket, "list/", 1000))


@case("a listing, what each entry has", "size, tag, class, date")
def list_entry():
    lay("entry/1", b"12345")
    (got,) = s3.list_objects_v2(Bucket=bucket, Prefix="entry/")["Contents"]
    same((got["Size"], got["ETag"], got["StorageClass"]), (5, tag_of("entry/1"), "STANDARD"))


@case("a listing by the delimiter", "folders apart")
def list_delimiter():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", Delimiter="/")
    told = (keys(got), [one["Prefix"] for one in got["CommonPrefixes"]], got["KeyCount"], got["Delimiter"])
    same(told, (["list/a", "list/c", "list/d e", "list/\u00fc"], ["list/b/"], 5, "/"))


@case("a listing by a delimiter of two letters", "folders by it")
def list_odd_delimiter():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", Delimiter="b/")
    same([one["Prefix"] for one in got["CommonPrefixes"]], ["list/b/"])


@case("a listing in pages of two", "all, once")
def list_pages():
    tree()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 2})
    same([len(keys(page)) for page in pages], [2, 2, 2])


@case("a listing by the first version in pages of two", "all, once")
def list_one_pages():
    tree()
    pages = s3.get_paginator("list_objects").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 2})
    same([keys(page) for page in pages][1:], [["list/b/2", "list/c"], ["list/d e", "list/\u00fc"]])


@case("the first version without a delimiter, cut", "no NextMarker: it comes with a delimiter alone")
def list_one_marker():
    tree()
    got = s3.list_objects(Bucket=bucket, Prefix="list/", MaxKeys=2)
    same((got["IsTruncated"], got.get("NextMarker"), got["Marker"]), (True, None, ""))


@case("the first version with a delimiter in pages", "all, once")
def list_one_delimiter():
    tree()
    pages = s3.get_paginator("list_objects").paginate(
        Bucket=bucket, Prefix="list/", Delimiter="/", PaginationConfig={"PageSize": 2}
    )
    got = [(keys(page), [one["Prefix"] for one in page.get("CommonPrefixes", [])]) for page in pages]
    same(got, [(["list/a"], ["list/b/"]), (["list/c", "list/d e"], []), (["list/\u00fc"], [])])


@case("the first version after a marker", "what comes later, and the marker")
def list_marker():
    tree()
    got = s3.list_objects(Bucket=bucket, Prefix="list/", Marker="list/c")
    same((keys(got), got["Marker"]), (["list/d e", "list/\u00fc"], "list/c"))


@case("a listing after a key", "what comes later, and the key")
def list_start_after():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", StartAfter="list/c")
    same((keys(got), got["StartAfter"]), (["list/d e", "list/\u00fc"], "list/c"))


@case("the second page", "the token with which it was asked for")
def list_token_back():
    tree()
    token = s3.list_objects_v2(Bucket=bucket, Prefix="list/", MaxKeys=5)["NextContinuationToken"]
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", ContinuationToken=token)
    same((keys(got), got["ContinuationToken"], got["IsTruncated"]), (["list/\u00fc"], token, False))


@case("a listing of no entries", "none, and not cut")
def list_none():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", MaxKeys=0)
    same((keys(got), got["KeyCount"], got["MaxKeys"], got["IsTruncated"]), ([], 0, 0, False))


@case("a listing of what is not there", "none")
def list_missing():
    got = s3.list_objects_v2(Bucket=bucket, Prefix="nowhere/")
    same((keys(got), got["KeyCount"]), ([], 0))


@case("a listing of 5,000 entries a page", "at most 1,000, and it says so")
def list_many():
    same(s3.list_objects_v2(Bucket=bucket, Prefix="list/", MaxKeys=5000)["MaxKeys"], 1000)


@case("a listing of less than no entries", "InvalidArgument", expect="InvalidArgument")
def list_negative():
    s3.list_objects_v2(Bucket=bucket, MaxKeys=-1)


@case("a listing by a token that is none", "InvalidArgument", expect="InvalidArgument")
def list_bad_token():
    s3.list_objects_v2(Bucket=bucket, ContinuationToken="?")


@case("a listing with an encoding that is none", "InvalidArgument", expect="InvalidArgument")
def list_bad_encoding():
    s3.list_objects_v2(Bucket=bucket, EncodingType="base64")


@case("a listing with the owners", "an owner each", expect="501")
def list_owner():
    tree()
    got = s3.list_objects_v2(Bucket=bucket, Prefix="list/", FetchOwner=True)
    same("Owner" in got["Contents"][0], True)


@case("a listing with attributes of restoring", "RestoreStatus", expect="501")
def list_optional():
    s3.list_objects_v2(Bucket=bucket, OptionalObjectAttributes=["RestoreStatus"])


@case("a listing of the versions", "one each", expect="501")
def list_versions():
    s3.list_object_versions(Bucket=bucket)


of_object = {
    "get_object_acl": {},
    "put_object_acl": {"ACL": "private"},
    "get_object_tagging": {},
    "put_object_tagging": {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}},
    "delete_object_tagging": {},
    "get_object_attributes": {"ObjectAttributes": ["ETag"]},
    "get_object_torrent": {},
    "get_object_legal_hold": {},
    "put_object_legal_hold": {"LegalHold": {"Status": "ON"}},
    "get_object_retention": {},
    "put_object_retention": {"Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.datetime(2040, 1, 1)}},
    "restore_object": {"RestoreRequest": {"Days": 1}},
    "select_object_content": {
        "Expression": "select * from s3object",
        "ExpressionType": "SQL",
        "InputSerialization": {"CSV": {}},
        "OutputSerialization": {"CSV": {}},
    },
}
of_bucket = {
    "get_bucket_acl": {},
    "get_bucket_cors": {},
    "get_bucket_encryption": {},
    "get_bucket_lifecycle_configuration": {},
    "get_bucket_location": {},
    "get_bucket_logging": {},
    "get_bucket_notification_configuration": {},
    "get_bucket_ownership_controls": {},
    "get_bucket_policy": {},
    "get_bucket_policy_status": {},
    "get_bucket_replication": {},
    "get_bucket_request_payment": {},
    "get_bucket_tagging": {},
    "get_bucket_versioning": {},
    "get_bucket_website": {},
    "get_object_lock_configuration": {},
    "get_public_access_block": {},
    "list_bucket_analytics_configurations": {},
    "list_bucket_inventory_configurations": {},
    "delete_bucket_policy": {},
    "delete_bucket_lifecycle": {},
    "put_bucket_versioning": {"VersioningConfiguration": {"Status": "Enabled"}},
    "put_bucket_policy": {"Policy": "{}"},
    "put_bucket_acl": {"ACL": "private"},
    "head_bucket": {},
    "delete_bucket": {},
    "create_bucket": {},
}


def sub_resource(call, asked):
    def ask():
        getattr(s3, call)(**asked())

    ask.__name__ = call
    case(f"{call}, which is not the object or the listing", "what it is called", expect="501")(ask)


for call, more in of_object.items():
    sub_resource(call, lambda call=call, more=more: lay(f"sub/{call}") | more)
for call, more in of_bucket.items():
    sub_resource(call, lambda more=more: {"Bucket": bucket} | more)


@case("list_buckets", "the buckets", expect="501")
def list_buckets():
    same([one["Name"] for one in s3.list_buckets()["Buckets"]], [bucket])


@case("a bucket that is not there", "NoSuchBucket", expect="NoSuchBucket")
def bucket_missing():
    s3.list_objects_v2(Bucket="nowhere")


@case("PUT into a bucket that is not there", "NoSuchBucket", expect="NoSuchBucket")
def put_bucket_missing():
    s3.put_object(Bucket="nowhere", Key="k", Body=b"")


@case("another secret", "SignatureDoesNotMatch", expect="SignatureDoesNotMatch")
def wrong_secret():
    client(secret="other").list_objects_v2(Bucket=bucket)


@case("another key", "InvalidAccessKeyId", expect="InvalidAccessKeyId")
def wrong_key():
    client(key="other").put_object(**at("who/key"), Body=b"")


@case("no signature", "AccessDenied", expect="AccessDenied")
def anonymous():
    boto3.client("s3", endpoint_url=endpoint, config=Config(signature_version=UNSIGNED)).get_object(**lay("who/none"))


@case("a signature of the second version", "refused", expect="501")
def signature_two():
    client(signature_version="s3").get_object(**lay("who/two"))


@case("another region", "taken: a gateway of Ceph has none")
def other_region():
    client(region="eu-west-1").list_objects_v2(Bucket=bucket, MaxKeys=1)
