"""Listings, whatever else there is of objects and buckets, and who may."""

import datetime

import requests
from cases import case, same
from folder import lay, lies
from storage_client import anonymous, endpoint, google, remote, stranger, token


def tree():
    for name in ("list/a", "list/b/1", "list/b/2", "list/c", "list/d e", "list/\u00fc"):
        lay(name)


def listed(wanted, prefixes=(), **asked):
    tree()
    answer = google.list_blobs("remote", **({"prefix": "list/"} | asked))
    same(([blob.name.removeprefix("list/") for blob in answer], sorted(answer.prefixes)), (wanted, list(prefixes)))


@case("a listing", "in the order of UTF-8")
def list_all():
    listed(["a", "b/1", "b/2", "c", "d e", "\u00fc"])


@case("a listing in pages of two", "all, once")
def list_pages():
    listed(["a", "b/1", "b/2", "c", "d e", "\u00fc"], page_size=2)


@case("a listing of at most three", "three")
def list_most():
    listed(["a", "b/1", "b/2"], max_results=3)


@case("a listing by the delimiter", "folders apart")
def list_delimiter():
    listed(["a", "c", "d e", "\u00fc"], ["list/b/"], delimiter="/")


@case("a listing by the delimiter in pages of one", "all, once")
def list_delimiter_pages():
    listed(["a", "c", "d e", "\u00fc"], ["list/b/"], delimiter="/", page_size=1)


@case("a listing with what ends by the delimiter", "both", expect="501")
def list_trailing():
    listed(["a", "c", "d e", "\u00fc"], ["list/b/"], delimiter="/", include_trailing_delimiter=True)


@case("a listing from a name on", "that and later")
def list_start():
    listed(["c", "d e", "\u00fc"], start_offset="list/c")


@case("a listing up to a name", "without it")
def list_end():
    listed(["a", "b/1", "b/2"], end_offset="list/c")


@case("a listing of some fields", "those alone")
def list_fields():
    tree()
    (blob,) = google.list_blobs("remote", prefix="list/a", fields="items(name),nextPageToken")
    same((blob.name, blob.size), ("list/a", None))


@case("a listing by a pattern", "what fits it", expect="501")
def list_glob():
    listed(["b/1", "b/2"], match_glob="list/b/*")


@case("a listing of versions", "all of them", expect="501")
def list_versions():
    listed(["a"], versions=True)


@case("a listing of what was deleted softly", "none", expect="501")
def list_soft():
    listed([], soft_deleted=True)


@case("a listing by a filter", "what fits it", expect="501")
def list_filter():
    listed([], filter_='contexts."a":*')


@case("a listing with folders as prefixes", "as without: there are none")
def list_folders():
    listed(["a", "c", "d e", "\u00fc"], ["list/b/"], delimiter="/", include_folders_as_prefixes=True)


@case("a listing by a token that is none", "400", expect="400")
def list_bad_token():
    list(google.list_blobs("remote", page_token="?"))


@case("a listing of a bucket that is not there", "404", expect="404")
def list_no_bucket():
    list(google.list_blobs("nowhere"))


def ask(method, path, **more):
    answer = requests.request(method, f"{endpoint}{path}", headers={"authorization": f"Bearer {token}"}, **more)
    answer.raise_for_status()
    return answer


@case("a listing of 5,000 a page", "at most 1,000")
def list_many():
    ask("GET", "/storage/v1/b/remote/o?maxResults=5000")


@case("a listing of -1 entries", "400", expect="400")
def list_negative():
    ask("GET", "/storage/v1/b/remote/o?maxResults=-1")


@case("a listing of fields that there are not", "400", expect="400")
def list_no_field():
    ask("GET", "/storage/v1/b/remote/o?fields=items(nosuch)")


@case("an address with a word that there is not", "400 or passed over", expect="501")
def no_word():
    ask("GET", "/storage/v1/b/remote/o?nosuch=1")


@case("the XML interface", "the object", expect="501")
def xml_get():
    lay("xml/get")
    ask("GET", "/remote/xml/get")


@case("a PUT by the XML interface", "the object", expect="501")
def xml_put():
    ask("PUT", "/remote/xml/put", data=b"x")


@case("an upload by PATCH", "refused", expect="501")
def odd_method():
    ask("PATCH", "/upload/storage/v1/b/remote/o?uploadType=media&name=x", data=b"x")


unserved = {
    "compose": lambda: remote.blob("un/whole").compose([remote.blob(lay("un/one")), remote.blob(lay("un/two"))]),
    "rewrite": lambda: remote.blob("un/copy").rewrite(remote.blob(lay("un/source"))),
    "copy": lambda: remote.copy_blob(remote.blob(lay("un/source")), remote, "un/copied"),
    "rename": lambda: remote.rename_blob(remote.blob(lay("un/from")), "un/to"),
    "move": lambda: remote.move_blob(remote.blob(lay("un/from")), "un/moved"),
    "restore": lambda: remote.restore_blob("un/restored", generation=1),
    "update class": lambda: remote.blob(lay("un/class")).update_storage_class("NEARLINE"),
    "patch": lambda: changed(lay("un/patch"), "patch"),
    "update": lambda: changed(lay("un/update"), "update"),
    "object ACL": lambda: list(remote.blob(lay("un/acl")).acl),
    "make public": lambda: remote.blob(lay("un/public")).make_public(),
    "object policy": lambda: remote.blob(lay("un/policy")).get_iam_policy(),
    "bucket policy": lambda: remote.get_iam_policy(),
    "test of permissions": lambda: remote.test_iam_permissions(["storage.objects.get"]),
    "bucket ACL": lambda: list(remote.acl),
    "default ACL": lambda: list(remote.default_object_acl),
    "buckets": lambda: list(google.list_buckets()),
    "create bucket": lambda: google.create_bucket("another"),
    "delete bucket": lambda: remote.delete(),
    "patch bucket": lambda: labelled(),
    "notifications": lambda: list(remote.list_notifications()),
    "create notification": lambda: remote.notification(topic_name="t").create(),
    "lock retention": lambda: locked(),
    "service account": lambda: google.get_service_account_email(),
    "HMAC keys": lambda: list(google.list_hmac_keys()),
    "create HMAC key": lambda: google.create_hmac_key("a@example.org"),
}


def changed(name, way):
    blob = remote.blob(name)
    blob.metadata = {"a": "b"}
    getattr(blob, way)()


def labelled():
    bucket = google.get_bucket("remote")
    bucket.labels = {"a": "b"}
    bucket.patch()


def locked():
    bucket = google.get_bucket("remote")
    bucket.lock_retention_policy()


for word, body in unserved.items():

    def with_body(body=body):
        body()

    with_body.__name__ = word
    case(f"{word}, which is not served", "done", expect="501" if word != "lock retention" else "ValueError")(with_body)


@case("the bucket", "its name, place and class")
def bucket():
    got = google.get_bucket("remote")
    same((got.name, got.storage_class, got.iam_configuration.uniform_bucket_level_access_enabled), ("remote", "STANDARD", True))


@case("a bucket that is not there", "404", expect="404")
def bucket_missing():
    google.get_bucket("nowhere")


@case("the bucket, looked up", "there; another is not")
def bucket_lookup():
    same((google.bucket("remote").exists(), google.bucket("nowhere").exists()), (True, False))


@case("no token", "401, after which this client gives up", expect="InvalidOperation")
def no_token():
    anonymous.bucket("remote").blob(lay("who/none")).download_as_bytes()


@case("a listing without a token", "401, after which this client gives up", expect="InvalidOperation")
def no_token_list():
    list(anonymous.list_blobs("remote"))


@case("a stranger's token", "401", expect="RefreshError")
def strange_token():
    stranger.bucket("remote").blob(lay("who/stranger")).download_as_bytes()


@case("an upload without a token", "401, after which this client gives up", expect="InvalidOperation")
def no_token_put():
    anonymous.bucket("remote").blob("who/put").upload_from_string(b"x")


@case("a signed address", "the bytes", expect="501")
def signed():
    ask("GET", f"/remote/{lay('who/signed')}?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=00")


@case("a form that a browser posts", "the object", expect="501")
def posted():
    ask("POST", "/remote", data={"key": "x"})


@case("a PATCH said by POST and a header", "as PATCH", expect="501")
def method_override():
    answer = requests.post(
        f"{endpoint}/storage/v1/b/remote/o/{lay('who/override')}",
        headers={"authorization": f"Bearer {token}", "x-http-method-override": "DELETE"},
    )
    answer.raise_for_status()


@case("the time, from the answer's date", "now")
def date():
    tree()
    told = remote.get_blob("list/a").time_created
    same(abs(told - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(hours=1), True)
    same(lies("list/a"), b"as it was")
