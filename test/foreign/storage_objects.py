"""One object at a time: brought in the three ways, read, described, removed."""

import base64
import datetime
import gzip
import hashlib
import io
import json

import requests
from cases import case, same
from folder import lay, lies
from google.cloud.storage.constants import STANDARD_STORAGE_CLASS
from google.cloud.storage.retry import DEFAULT_RETRY
from storage_client import endpoint, google, remote, token

megabytes = b"groundcrew" * 1_200_000


def bring(name, data=b"body", of=remote, **more):
    blob = of.blob(name)
    for attribute, value in more.pop("having", {}).items():
        setattr(blob, attribute, value)
    blob.upload_from_string(data, retry=None, **more)
    return blob


def kept(name, attribute, value, wanted=None):
    bring(name, having={attribute: value})
    same((lies(name), getattr(remote.get_blob(name), attribute)), (b"body", wanted or value))


@case("an upload in one request", "the bytes, their MD5 and their CRC32C")
def upload_small():
    blob = bring("put/small", b"bytes")
    same((lies("put/small"), blob.md5_hash, blob.size), (b"bytes", base64.b64encode(hashlib.md5(b"bytes").digest()).decode(), 5))


@case("an upload of nothing", "an object of no bytes")
def upload_empty():
    same((bring("put/empty", b"").size, lies("put/empty")), (0, b""))


@case("a resumable upload", "the bytes")
def upload_resumable():
    remote.blob("put/resumable", chunk_size=1 << 20).upload_from_file(io.BytesIO(megabytes), size=len(megabytes))
    same(lies("put/resumable"), megabytes)


@case("a resumable upload of unknown size", "the bytes")
def upload_unknown():
    remote.blob("put/unknown", chunk_size=1 << 20).upload_from_file(io.BytesIO(megabytes))
    same(lies("put/unknown"), megabytes)


@case("a resumable upload whose size is a multiple of its chunk", "the bytes")
def upload_even():
    with remote.blob("put/even", chunk_size=1 << 18).open("wb") as to:
        to.write(b"x" * (1 << 19))
    same(lies("put/even"), b"x" * (1 << 19))


@case("a session that another address opened", "the bytes")
def upload_session():
    address = remote.blob("put/session").create_resumable_upload_session(size=5)
    same((requests.put(address, data=b"later").status_code, lies("put/session")), (200, b"later"))


@case("an upload over an object", "another generation")
def upload_over():
    lay("put/over")
    first = remote.get_blob("put/over").generation
    same((bring("put/over").generation > first, lies("put/over")), (True, b"body"))


for attribute, value in {
    "cache_control": "no-store",
    "content_disposition": "inline",
    "content_language": "de",
    "metadata": {"Owner": "a b", "\u00fc": "\U0001f680"},
    "custom_time": datetime.datetime(2030, 1, 2, tzinfo=datetime.timezone.utc),
    "storage_class": STANDARD_STORAGE_CLASS,
}.items():

    def with_attribute(attribute=attribute, value=value):
        kept(f"having/{attribute}", attribute, value)

    with_attribute.__name__ = f"upload_{attribute}"
    case(f"an upload with {attribute}", "kept")(with_attribute)

for attribute, value in {
    "temporaryHold": True,
    "eventBasedHold": True,
    "storageClass": "COLDLINE",
    "kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    "owner": {"entity": "user-a"},
}.items():

    def with_unserved(attribute=attribute, value=value):
        # The client itself leaves them out of an upload.
        parts = f'--b\r\ncontent-type: application/json\r\n\r\n{json.dumps({"name": f"un/{attribute}", attribute: value})}'
        requests.post(
            f"{endpoint}/upload/storage/v1/b/remote/o?uploadType=multipart",
            headers={"authorization": f"Bearer {token}", "content-type": "multipart/related; boundary=b"},
            data=f"{parts}\r\n--b\r\ncontent-type: text/plain\r\n\r\nbody\r\n--b--",
        ).raise_for_status()

    with_unserved.__name__ = f"upload_{attribute}_unserved"
    case(f"an upload with {attribute} {value}", "kept", expect="501")(with_unserved)


@case("an upload with a retention, which this client says in a word that Google does not publish", "400", expect="400")
def upload_retention():
    blob = remote.blob("unserved/retention")
    blob.retention.mode = "Unlocked"
    blob.retention.retain_until_time = datetime.datetime(2040, 1, 1, tzinfo=datetime.timezone.utc)
    blob.upload_from_string(b"body")


@case("an upload with contexts", "kept", expect="501")
def upload_contexts():
    bring("unserved/contexts", having={"contexts": {"custom": {"a": {"value": "b"}}}})


@case("an upload with a content type", "kept")
def upload_type():
    bring("having/type", content_type="text/x-own")
    same(remote.get_blob("having/type").content_type, "text/x-own")


@case("an upload with metadata of 9 KiB", "400", expect="400")
def upload_much_metadata():
    bring("having/much", having={"metadata": {"m": "x" * 9216}})


@case("an upload with a customer's key", "only who has the key reads it", expect="501")
def upload_csek():
    remote.blob("unserved/csek", encryption_key=b"k" * 32).upload_from_string(b"secret")
    same(lies("unserved/csek") == b"secret", False)


@case("an upload with a key of KMS", "encrypted by it", expect="501")
def upload_kms():
    remote.blob("unserved/kms", kms_key_name="projects/p/locations/l/keyRings/r/cryptoKeys/k").upload_from_string(b"x")


@case("an upload with a predefined ACL, under uniform access", "400", expect="501")
def upload_acl():
    bring("unserved/acl", predefined_acl="publicRead")


@case("an upload that another project pays", "charged to it", expect="501")
def upload_user_project():
    bring("unserved/pays", of=google.bucket("remote", user_project="other"))


@case("an upload with its MD5", "taken")
def upload_md5():
    remote.blob("sum/md5").upload_from_file(io.BytesIO(b"body"), checksum="md5")
    same(lies("sum/md5"), b"body")


@case("an upload with another MD5", "400", expect="400")
def upload_wrong_md5():
    bring("sum/wrong-md5", having={"md5_hash": base64.b64encode(b"0" * 16).decode()}, checksum=None)


@case("an upload with another CRC32C", "400", expect="400")
def upload_wrong_crc():
    bring("sum/wrong-crc", having={"crc32c": "AAAAAA=="}, checksum=None)


@case("an upload if nothing is there, over an object", "412", expect="412")
def upload_if_new():
    bring(lay("if/new"), if_generation_match=0)


@case("an upload if nothing is there", "the bytes")
def upload_if_new_free():
    bring("if/free", if_generation_match=0)
    same(lies("if/free"), b"body")


@case("an upload if the generation is", "the bytes")
def upload_if_generation():
    lay("if/generation")
    bring("if/generation", if_generation_match=remote.get_blob("if/generation").generation)
    same(lies("if/generation"), b"body")


@case("an upload if the generation is another's", "412", expect="412")
def upload_if_other():
    bring(lay("if/other"), if_generation_match=1)


@case("an upload if the generation is not this", "412", expect="412")
def upload_if_not():
    lay("if/not")
    bring("if/not", if_generation_not_match=remote.get_blob("if/not").generation)


@case("an upload if the metageneration is another's", "412", expect="412")
def upload_if_meta():
    bring(lay("if/meta"), if_metageneration_match=7)


@case("a resumable upload if nothing is there, over an object", "412", expect="412")
def resumable_if_new():
    remote.blob(lay("if/resumable"), chunk_size=1 << 18).upload_from_file(io.BytesIO(b"x" * (1 << 19)), if_generation_match=0)


@case("a download", "the bytes")
def download():
    same(remote.blob(lay("get/plain", b"plain")).download_as_bytes(), b"plain")


@case("a download of 12 MB in chunks", "the bytes")
def download_chunks():
    same(remote.blob(lay("get/chunks", megabytes), chunk_size=1 << 20).download_as_bytes(), megabytes)


@case("a download of nothing in chunks", "no bytes")
def download_empty_chunks():
    same(remote.blob(lay("get/no-chunks", b""), chunk_size=1 << 20).download_as_bytes(), b"")


def part(wanted, **asked):
    same(remote.blob(lay("get/part", b"0123456789")).download_as_bytes(**asked), wanted)


@case("a download of a part", "that part")
def download_part():
    part(b"234", start=2, end=4)


@case("a download of the rest", "the rest")
def download_rest():
    part(b"789", start=7)


@case("a download of the last bytes", "those")
def download_last():
    part(b"89", start=-2)


@case("a download beyond the end", "416", expect="416")
def download_beyond():
    part(b"", start=10)


@case("a download of what is not there", "404", expect="404")
def download_missing():
    remote.blob("get/missing").download_as_bytes()


@case("a download of another generation", "404", expect="404")
def download_generation():
    remote.blob(lay("get/generation"), generation=1).download_as_bytes()


@case("a download if the generation is another's", "412", expect="412")
def download_if():
    remote.blob(lay("get/if")).download_as_bytes(if_generation_match=1)


@case("a download if the ETag is another's", "412", expect="501")
def download_if_etag():
    remote.blob(lay("get/if-etag")).download_as_bytes(if_etag_match="other")


@case("a download if the ETag is not this", "304", expect="501")
def download_if_not_etag():
    lay("get/if-not-etag")
    remote.blob("get/if-not-etag").download_as_bytes(if_etag_not_match=remote.get_blob("get/if-not-etag").etag)


@case("a download with a customer's key of what is not encrypted so", "400", expect="501")
def download_csek():
    remote.blob(lay("get/csek"), encryption_key=b"k" * 32).download_as_bytes()


def packed(name, raw, **headers):
    remote.blob(name).upload_from_string(b"")
    blob = remote.blob(name)
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"unpacked" * 100), content_type="text/plain")
    answer = requests.get(
        f"{endpoint}/download/storage/v1/b/remote/o/{name.replace('/', '%2F')}?alt=media",
        headers={"authorization": f"Bearer {token}", "accept-encoding": "identity"} | headers,
        stream=True,
    )
    same(answer.raw.read(decode_content=False)[:2] == b"\x1f\x8b", raw)


@case("a download of what is packed, by who cannot read it so", "unpacked")
def download_gzip():
    packed("gzip/plain", False)


@case("a download of what is packed, by who can", "as it lies")
def download_gzip_raw():
    packed("gzip/raw", True, **{"accept-encoding": "gzip"})


@case("a download of a part of what is packed, by who cannot read it so", "the whole, unpacked")
def download_gzip_part():
    packed("gzip/part", False, range="bytes=0-9")


@case("what is packed, by the client", "unpacked")
def download_gzip_client():
    blob = remote.blob("gzip/client")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"unpacked"))
    same((remote.blob("gzip/client").download_as_bytes(), remote.blob("gzip/client").download_as_bytes(raw_download=True)[:2]), (b"unpacked", b"\x1f\x8b"))


@case("a description", "name, size, generation, class, dates")
def describe():
    blob = remote.get_blob(lay("about/plain", b"12345"))
    told = (blob.name, blob.size, blob.metageneration, blob.storage_class, blob.generation > 0, blob.time_created == blob.updated)
    same(told, ("about/plain", 5, 1, "STANDARD", True, True))


@case("a description of what is not there", "none")
def describe_missing():
    same((remote.get_blob("about/missing"), remote.blob("about/missing").exists()), (None, False))


@case("a description if the generation is this", "304", expect="304")
def describe_if_not():
    lay("about/if-not")
    generation = remote.get_blob("about/if-not").generation
    remote.blob("about/if-not").reload(if_generation_not_match=generation)


@case("a description of what was deleted softly", "404", expect="501")
def describe_soft():
    remote.get_blob(lay("about/soft"), generation=1, soft_deleted=True)


@case("a description with the ACL", "none: access is uniform")
def describe_full():
    remote.blob(lay("about/full")).reload(projection="full")


def removed(name, **more):
    lay(name)
    remote.blob(name).delete(retry=DEFAULT_RETRY, **more)
    same(lies(name), None)


@case("a deletion", "gone")
def delete():
    removed("delete/plain")


@case("a deletion of what is not there", "404", expect="404")
def delete_missing():
    remote.blob("delete/missing").delete()


@case("a deletion if the generation is another's", "412", expect="412")
def delete_if():
    removed("delete/if", if_generation_match=1)


@case("a deletion if the generation is", "gone")
def delete_if_right():
    lay("delete/right")
    generation = remote.get_blob("delete/right").generation
    remote.blob("delete/right").delete(if_generation_match=generation)
    same(lies("delete/right"), None)


@case("a deletion of another generation", "404", expect="404")
def delete_generation():
    remote.blob(lay("delete/generation"), generation=1).delete()


@case("many deletions in one batch", "all gone", expect="501")
def delete_batch():
    lay("batch/a"), lay("batch/b")
    with google.batch():
        remote.blob("batch/a").delete()
        remote.blob("batch/b").delete()
    same((lies("batch/a"), lies("batch/b")), (None, None))


for name in ("a b", "a+b", "100%25", "\u00fc\U0001f680", "!'()*~;:@&=$,?#[]", "folder/", "//twice", "../up", "back\\slash", '<"quoted">', "x" * 1020, "tab\there"):

    def with_name(name=f"n/{name}"):
        bring(name, name.encode())
        same(remote.blob(name).download_as_bytes(), name.encode())
        same([blob.name for blob in google.list_blobs("remote", prefix=name)], [name])
        remote.blob(name).delete()
        same(remote.blob(name).exists(), False)

    with_name.__name__ = f"name {name[:20]}"
    case(f"an object of the name {name[:20]!r}: brought, got, listed, removed", "any UTF-8 up to 1,024 bytes")(with_name)


for name in ("new\nline", "x" * 1025, ".well-known/acme-challenge/x", "."):

    def with_bad_name(name=name):
        bring(name)

    with_bad_name.__name__ = f"bad name {name[:20]!r}"
    case(f"an object of the name {name[:20]!r}", "400", expect="400")(with_bad_name)
