"""One object at a time: written with all that it may have, read whole and in part, removed, copied."""

import base64
import datetime
import gzip
import hashlib
import io
import urllib.request
import zlib

from boto3.s3.transfer import TransferConfig
from boto3_client import at, bucket, client, lay, s3
from cases import case, same
from folder import lies


def put_and_head(key, **more):
    s3.put_object(**at(key), Body=b"body", **more)
    same(lies(key), b"body")
    return s3.head_object(**at(key))


def body_of(**asked):
    return s3.get_object(Bucket=bucket, **asked)["Body"].read()


@case("PUT of bytes", "200, their MD5 as the ETag")
def put_bytes():
    got = s3.put_object(**at("put/bytes"), Body=b"bytes")
    same((got["ETag"], lies("put/bytes")), (f'"{hashlib.md5(b"bytes").hexdigest()}"', b"bytes"))


@case("PUT of nothing", "an object of no bytes")
def put_empty():
    s3.put_object(**at("put/empty"))
    same((lies("put/empty"), s3.head_object(**at("put/empty"))["ContentLength"]), (b"", 0))


@case("PUT over an object", "the later bytes")
def put_over():
    s3.put_object(**lay("put/over"), Body=b"new")
    same(lies("put/over"), b"new")


@case("PUT with a content type", "kept")
def put_content_type():
    same(put_and_head("put/type", ContentType="text/x-own")["ContentType"], "text/x-own")


@case("PUT without a content type", "binary/octet-stream", expect="right")
def put_no_content_type():
    same(put_and_head("put/no-type")["ContentType"], "binary/octet-stream")


@case("PUT with Cache-Control", "kept")
def put_cache_control():
    same(put_and_head("put/cache", CacheControl="no-store")["CacheControl"], "no-store")


@case("PUT with Content-Disposition", "kept")
def put_disposition():
    same(put_and_head("put/disposition", ContentDisposition="inline")["ContentDisposition"], "inline")


@case("PUT with Content-Encoding", "kept, and the bytes are never unpacked")
def put_encoding():
    packed = gzip.compress(b"unpacked")
    s3.put_object(**at("put/gzip"), Body=packed, ContentEncoding="gzip")
    same((body_of(Key="put/gzip"), s3.head_object(**at("put/gzip"))["ContentEncoding"]), (packed, "gzip"))


@case("PUT with Content-Language", "kept")
def put_language():
    same(put_and_head("put/language", ContentLanguage="de")["ContentLanguage"], "de")


@case("PUT with Expires", "kept")
def put_expires():
    when = datetime.datetime(2030, 1, 2, tzinfo=datetime.timezone.utc)
    same(put_and_head("put/expires", Expires=when)["ExpiresString"], "Wed, 02 Jan 2030 00:00:00 GMT")


@case("PUT with own metadata", "kept, names in lower case")
def put_metadata():
    same(put_and_head("put/metadata", Metadata={"Owner": "a b", "n-1": "x"})["Metadata"], {"owner": "a b", "n-1": "x"})


@case("PUT with more than 2 KB of metadata", "MetadataTooLarge", expect="MetadataTooLarge")
def put_much_metadata():
    put_and_head("put/much-metadata", Metadata={"m": "x" * 2049})


@case("PUT with metadata of 2,000 bytes", "kept")
def put_metadata_below():
    same(put_and_head("put/metadata-below", Metadata={"m": "x" * 2000})["Metadata"], {"m": "x" * 2000})


@case("PUT with tags", "kept: one tag", expect="501")
def put_tagging():
    same(put_and_head("put/tags", Tagging="a=b").get("TagCount"), 1)


@case("PUT with a canned ACL of private", "as usual")
def put_acl_private():
    put_and_head("put/acl-private", ACL="private")


@case("PUT with a canned ACL of public-read", "readable by all", expect="501")
def put_acl_public():
    put_and_head("put/acl-public", ACL="public-read")
    urllib.request.urlopen(f"{s3.meta.endpoint_url}/{bucket}/put/acl-public")


@case("PUT with a grant", "the grantee may read", expect="501")
def put_grant():
    put_and_head("put/grant", GrantRead="id=1")


@case("PUT with storage class STANDARD", "as usual")
def put_class_standard():
    same(put_and_head("put/standard", StorageClass="STANDARD").get("StorageClass", "STANDARD"), "STANDARD")


@case("PUT with storage class GLACIER", "archived", expect="501")
def put_class_glacier():
    same(put_and_head("put/glacier", StorageClass="GLACIER")["StorageClass"], "GLACIER")


@case("PUT with SSE-S3", "encrypted", expect="501")
def put_sse():
    same(put_and_head("put/sse", ServerSideEncryption="AES256")["ServerSideEncryption"], "AES256")


@case("PUT with SSE-KMS", "encrypted", expect="501")
def put_sse_kms():
    same(put_and_head("put/kms", ServerSideEncryption="aws:kms", SSEKMSKeyId="k")["SSEKMSKeyId"], "k")


@case("PUT with a key of the customer's", "only who has the key reads it", expect="501")
def put_sse_c():
    secret = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
    s3.put_object(**at("put/sse-c"), Body=b"secret", **secret)
    same(lies("put/sse-c") != b"secret", True)


@case("PUT with a website redirect", "kept", expect="501")
def put_redirect():
    same(put_and_head("put/redirect", WebsiteRedirectLocation="/x")["WebsiteRedirectLocation"], "/x")


@case("PUT with object lock", "locked", expect="501")
def put_lock():
    put_and_head("put/lock", ObjectLockLegalHoldStatus="ON")


@case("PUT with the owner of the bucket that is expected", "AccessDenied for another", expect="501")
def put_expected_owner():
    put_and_head("put/owner", ExpectedBucketOwner="111122223333")


@case("PUT where the requester pays", "charged to the requester", expect="501")
def put_requester_pays():
    put_and_head("put/pays", RequestPayer="requester")


def sum_of(name, data):
    made = {"CRC32": zlib.crc32(data).to_bytes(4), "SHA1": hashlib.sha1(data).digest(), "SHA256": hashlib.sha256(data).digest()}
    return base64.b64encode(made[name]).decode()


def put_sum(name, data, of):
    s3.put_object(**at(f"sum/{name}"), Body=data, **{f"Checksum{name}": sum_of(name, of)})
    same(lies(f"sum/{name}"), data)


@case("PUT with its CRC32", "taken")
def put_crc32():
    put_sum("CRC32", b"data", b"data")


@case("PUT with its SHA-1", "taken")
def put_sha1():
    put_sum("SHA1", b"data", b"data")


@case("PUT with its SHA-256", "taken")
def put_sha256():
    put_sum("SHA256", b"data", b"data")


@case("PUT with another CRC32", "BadDigest", expect="BadDigest")
def put_wrong_crc32():
    put_sum("CRC32", b"data", b"other")


@case("PUT with another SHA-1", "BadDigest", expect="BadDigest")
def put_wrong_sha1():
    put_sum("SHA1", b"data", b"other")


@case("PUT with another SHA-256", "BadDigest", expect="BadDigest")
def put_wrong_sha256():
    put_sum("SHA256", b"data", b"other")


@case("PUT with a CRC64NVME", "held against the bytes", expect="501")
def put_crc64():
    s3.put_object(**at("sum/crc64"), Body=b"data", ChecksumCRC64NVME="AAAAAAAAAAA=")


@case("PUT with another MD5", "BadDigest", expect="BadDigest")
def put_wrong_md5():
    s3.put_object(**at("sum/md5"), Body=b"data", ContentMD5=base64.b64encode(hashlib.md5(b"x").digest()).decode())


@case("PUT with a Content-MD5 that is none", "InvalidDigest", expect="InvalidDigest")
def put_no_md5():
    s3.put_object(**at("sum/none"), Body=b"data", ContentMD5="none")


@case("PUT that asks which sum it has", "the sum comes back", expect="right")
def put_sum_back():
    got = s3.put_object(**at("sum/back"), Body=b"data", ChecksumSHA256=sum_of("SHA256", b"data"))
    same(got.get("ChecksumSHA256"), sum_of("SHA256", b"data"))


@case("HEAD that asks for the sum", "the sum comes back", expect="right")
def head_sum():
    s3.put_object(**at("sum/head"), Body=b"data", ChecksumSHA256=sum_of("SHA256", b"data"))
    got = s3.head_object(**at("sum/head"), ChecksumMode="ENABLED")
    same(got.get("ChecksumSHA256"), sum_of("SHA256", b"data"))


@case("PUT in signed pieces", "the bytes without their frame")
def put_pieces():
    plain = client(request_checksum_calculation="when_required")
    plain.put_object(**at("put/pieces"), Body=io.BytesIO(b"piece" * 1000))
    same(lies("put/pieces"), b"piece" * 1000)


@case("GET", "bytes, length, ETag, date")
def get_plain():
    got = s3.get_object(**lay("get/plain", b"plain"))
    told = (got["Body"].read(), got["ContentLength"], got["ETag"], got["AcceptRanges"])
    same(told, (b"plain", 5, f'"{hashlib.md5(b"plain").hexdigest()}"', "bytes"))


@case("GET of what is not there", "NoSuchKey", expect="NoSuchKey")
def get_missing():
    s3.get_object(**at("get/missing"))


@case("HEAD of what is not there", "404 without a body", expect="404")
def head_missing():
    s3.head_object(**at("get/missing"))


def ranged(asked, wanted, told):
    got = s3.get_object(**lay("get/range", b"0123456789"), Range=asked)
    same((got["Body"].read(), got.get("ContentRange")), (wanted, told))


@case("GET of a first part", "206")
def get_range_first():
    ranged("bytes=0-3", b"0123", "bytes 0-3/10")


@case("GET of the rest", "206")
def get_range_rest():
    ranged("bytes=7-", b"789", "bytes 7-9/10")


@case("GET of the last bytes", "206")
def get_range_last():
    ranged("bytes=-2", b"89", "bytes 8-9/10")


@case("GET of a part that goes beyond the end", "206, what there is")
def get_range_beyond():
    ranged("bytes=8-99", b"89", "bytes 8-9/10")


@case("GET of a part beyond the end", "InvalidRange", expect="InvalidRange")
def get_range_outside():
    ranged("bytes=10-12", b"", None)


@case("GET of no last bytes", "InvalidRange", expect="InvalidRange")
def get_range_none():
    ranged("bytes=-0", b"", None)


@case("GET of a part whose end is before its beginning", "the whole, as HTTP has it")
def get_range_backwards():
    ranged("bytes=5-2", b"0123456789", None)


@case("GET of two parts at once", "the whole: S3 gives one range a call")
def get_range_two():
    ranged("bytes=0-1,4-5", b"0123456789", None)


@case("GET of a part in another unit", "the whole")
def get_range_unit():
    ranged("rows=0-1", b"0123456789", None)


@case("GET of a part of nothing", "InvalidRange", expect="InvalidRange")
def get_range_empty():
    s3.get_object(**lay("get/empty", b""), Range="bytes=0-")


@case("HEAD of a part", "206 and the part's length")
def head_range():
    got = s3.head_object(**lay("get/head-range", b"0123456789"), Range="bytes=2-4")
    same((got["ContentLength"], got["ResponseMetadata"]["HTTPStatusCode"]), (3, 206))


@case("GET that says the answer's headers", "response-content-type of an own choice", expect="501")
def get_response_type():
    same(s3.get_object(**lay("get/response"), ResponseContentType="text/own")["ContentType"], "text/own")


@case("GET of a part of an upload by its number", "that part", expect="501")
def get_part_number():
    s3.get_object(**lay("get/part"), PartNumber=1)


@case("GET of a version that is not there", "an error", expect="501")
def get_version():
    s3.get_object(**lay("get/version"), VersionId="nope")


@case("GET with a customer's key", "refused for what is not encrypted so", expect="501")
def get_sse_c():
    s3.get_object(**lay("get/sse-c"), SSECustomerAlgorithm="AES256", SSECustomerKey=b"k" * 32)


@case("DELETE", "204, and it is gone")
def delete_plain():
    s3.delete_object(**lay("delete/plain"))
    same(lies("delete/plain"), None)


@case("DELETE of what is not there", "204")
def delete_missing():
    s3.delete_object(**at("delete/missing"))


@case("DELETE of a version", "that version alone", expect="501")
def delete_version():
    s3.delete_object(**lay("delete/version"), VersionId="nope")
    same(lies("delete/version"), b"as it was")


@case("DELETE of an object with a condition that does not hold", "412", expect="PreconditionFailed")
def delete_condition():
    s3.delete_object(**lay("delete/condition"), IfMatch='"other"')


@case("DELETE of many", "all of them gone", expect="501")
def delete_many():
    lay("delete/a"), lay("delete/b")
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "delete/a"}, {"Key": "delete/b"}]})
    same((lies("delete/a"), lies("delete/b")), (None, None))


@case("DELETE past the retention", "governed", expect="501")
def delete_bypass():
    s3.delete_object(**lay("delete/bypass"), BypassGovernanceRetention=True)


@case("COPY", "the same bytes at the other key", expect="501")
def copy_plain():
    s3.copy_object(**at("copy/to"), CopySource=lay("copy/from", b"copied"))
    same(lies("copy/to"), b"copied")


@case("COPY onto an object", "replaced by the source's bytes", expect="501")
def copy_over():
    lay("copy/over")
    s3.copy_object(**at("copy/over"), CopySource=lay("copy/source", b"copied"))
    same(lies("copy/over"), b"copied")


@case("RENAME", "moved", expect="501")
def rename():
    lay("rename/from", b"moved")
    s3.rename_object(**at("rename/to"), RenameSource=f"{bucket}/rename/from")
    same((lies("rename/from"), lies("rename/to")), (None, b"moved"))


@case("upload of a file by the transfer manager", "the bytes")
def upload_fileobj():
    s3.upload_fileobj(io.BytesIO(b"managed"), bucket, "managed/small")
    same(lies("managed/small"), b"managed")


@case("upload of 12 MB by the transfer manager", "the bytes, in parts")
def upload_large():
    s3.upload_fileobj(io.BytesIO(b"groundcrew" * 1_200_000), bucket, "managed/large")
    same(lies("managed/large"), b"groundcrew" * 1_200_000)


@case("download in parts by the transfer manager", "the bytes")
def download_large():
    lay("managed/down", b"groundcrew" * 1_200_000)
    to = io.BytesIO()
    s3.download_fileobj(bucket, "managed/down", to, Config=TransferConfig(multipart_threshold=1, multipart_chunksize=5 << 20))
    same(to.getvalue(), b"groundcrew" * 1_200_000)


def keyed(key):
    s3.put_object(**at(key), Body=key.encode())
    same(body_of(Key=key), key.encode())
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]
    same([one["Key"] for one in listed], [key])
    s3.delete_object(**at(key))
    same(s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"], 0)


for name, key in {
    "space": "key/a b",
    "plus": "key/a+b",
    "percent": "key/100%25",
    "umlaut": "key/\u00fc\U0001f680",
    "newline": "key/new\nline",
    "signs": "key/!'()*~;:@&=$,?#[]",
    "slash_end": "key/folder/",
    "slashes": "key//twice",
    "dots": "key/../up",
    "backslash": "key/back\\slash",
    "quotes": "key/<\"quoted\">&amp;",
    "long": "key/" + "x" * 1020,
    "colon_first": ":key",
    "tab": "key/a\tb",
}.items():

    def with_key(key=key):
        keyed(key)

    with_key.__name__ = f"key_{name}"
    case(f"an object of the name {key[:40]!r}: put, got, listed, removed", "any UTF-8 up to 1,024 bytes")(with_key)


@case("a key of 1,025 bytes", "KeyTooLongError", expect="KeyTooLongError")
def key_too_long():
    s3.put_object(**at("x" * 1025), Body=b"")


@case("a presigned GET", "the bytes")
def presigned_get():
    address = s3.generate_presigned_url("get_object", Params=lay("presigned/get", b"for all"))
    same(urllib.request.urlopen(address).read(), b"for all")


@case("a presigned PUT", "the bytes lie there")
def presigned_put():
    address = s3.generate_presigned_url("put_object", Params=at("presigned/put"))
    urllib.request.urlopen(urllib.request.Request(address, data=b"put", method="PUT"))
    same(lies("presigned/put"), b"put")


def refused(status, address):
    try:
        urllib.request.urlopen(address)
    except urllib.error.HTTPError as error:
        return same(error.code, status)
    raise AssertionError("taken")


@case("a presigned GET of yesterday", "403")
def presigned_late():
    address = s3.generate_presigned_url("get_object", Params=lay("presigned/late"), ExpiresIn=1)
    earlier = address.replace(datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT"), "20200101T")
    refused(403, earlier)


@case("a presigned GET for another key than the signed one", "403")
def presigned_other():
    lay("presigned/other")
    address = s3.generate_presigned_url("get_object", Params=lay("presigned/this"))
    refused(403, address.replace("presigned/this", "presigned/other"))


@case("a presigned GET with a life of eight days", "400")
def presigned_long():
    refused(400, s3.generate_presigned_url("get_object", Params=lay("presigned/long"), ExpiresIn=691_200))


@case("a presigned GET that says the answer's headers", "those headers", expect="right")
def presigned_response():
    asked = lay("presigned/response") | {"ResponseContentType": "text/own"}
    address = s3.generate_presigned_url("get_object", Params=asked)
    try:
        same(urllib.request.urlopen(address).headers["content-type"], "text/own")
    except urllib.error.HTTPError as error:
        same(error.code, 501)


@case("a name that is a folder of another", "both stand, and one outlives the other")
def key_and_folder():
    s3.put_object(**at("clash/k"), Body=b"file")
    s3.put_object(**at("clash/k/below"), Body=b"below")
    same((body_of(Key="clash/k"), body_of(Key="clash/k/below")), (b"file", b"below"))
    s3.delete_object(**at("clash/k"))
    same(body_of(Key="clash/k/below"), b"below")


@case("metadata that is named as what is kept inside", "its uploader's")
def put_inner_metadata():
    same(put_and_head("put/inner", Metadata={"s3-multipart-etag": "x"})["Metadata"], {"s3-multipart-etag": "x"})
    same(s3.head_object(**at("put/inner"))["ETag"] == '"x"', False)


@case("HEAD of the sum of an object that came in parts", "the sum of the parts' sums, and their number")
def head_sum_of_parts():
    s3.upload_fileobj(io.BytesIO(b"groundcrew" * 1_200_000), bucket, "sum/parts")
    whole = b"groundcrew" * 1_200_000
    parts = b"".join(zlib.crc32(whole[at : at + (8 << 20)]).to_bytes(4) for at in range(0, len(whole), 8 << 20))
    got = s3.head_object(**at("sum/parts"), ChecksumMode="ENABLED")
    same(got.get("ChecksumCRC32"), base64.b64encode(zlib.crc32(parts).to_bytes(4)).decode() + "-2")
