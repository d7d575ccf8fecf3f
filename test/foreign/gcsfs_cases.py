"""Asks our Cloud Storage as gcsfs does, which most of a research hub's notebooks do."""

import os

# Else it asks Google itself, over gRPC, which kind of bucket it has.
os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"

import cases
import folder
import gcsfs
import gcsfs.retry
from cases import case, same
from folder import lay, lies
from google.oauth2.credentials import Credentials

# It takes 501 for something that passes, and tries for half a minute.
gcsfs.retry.is_retriable = lambda _: False
options = {"endpoint_url": os.environ["ENDPOINT"], "cache_timeout": 0, "use_listings_cache": False, "skip_instance_cache": True}
fs = gcsfs.GCSFileSystem("sample-hub-1", token=Credentials(os.environ["TOKEN"]), **options)
megabytes = b"groundcrew" * 1_200_000


def code_of(raised):
    code = getattr(raised, "code", None) or getattr(raised, "status", None)
    text = str(raised)
    return str(code) if code else "501" if "not served here" in text else type(raised).__name__


@case("cat of a file", "its bytes")
def cat():
    lay("fs/cat", b"plain")
    same(fs.cat_file("remote/fs/cat"), b"plain")


@case("cat of a part", "that part")
def cat_part():
    lay("fs/part", b"0123456789")
    same((fs.cat_file("remote/fs/part", start=2, end=5), fs.cat_file("remote/fs/part", start=-2)), (b"234", b"89"))


@case("cat of many", "all of them")
def cat_many():
    lay("fs/many/a", b"a"), lay("fs/many/b", b"b")
    same(fs.cat("remote/fs/many/*"), {"remote/fs/many/a": b"a", "remote/fs/many/b": b"b"})


@case("cat of what is not there", "FileNotFoundError", expect="FileNotFoundError")
def cat_missing():
    fs.cat_file("remote/fs/missing")


@case("pipe of a few bytes", "a file")
def pipe():
    fs.pipe_file("remote/fs/pipe", b"piped")
    same(lies("fs/pipe"), b"piped")


@case("pipe if nothing is there, over a file", "FileExistsError", expect="FileExistsError")
def pipe_create():
    lay("fs/create")
    fs.pipe_file("remote/fs/create", b"new", mode="create")


@case("pipe of 12 MB", "a file")
def pipe_large():
    fs.pipe_file("remote/fs/large", megabytes, chunksize=1 << 20)
    same(lies("fs/large"), megabytes)


@case("a file written in blocks", "the bytes")
def write():
    with fs.open("remote/fs/written", "wb", block_size=1 << 18) as to:
        to.write(megabytes)
    same(lies("fs/written"), megabytes)


@case("a file written and given up", "nothing, and the upload cancelled", expect="501")
def write_discard():
    to = fs.open("remote/fs/discarded", "wb", autocommit=False, block_size=1 << 18)
    to.write(b"x" * (1 << 19))
    to.discard()
    same(lies("fs/discarded"), None)


@case("a file with a type and metadata", "kept")
def write_type():
    with fs.open("remote/fs/typed", "wb", content_type="text/own", metadata={"a": "b"}) as to:
        to.write(b"x")
    got = fs.info("remote/fs/typed")
    same((got["contentType"], got["metadata"]), ("text/own", {"a": "b"}))


@case("a file read in blocks", "the bytes")
def read():
    lay("fs/read", megabytes)
    with fs.open("remote/fs/read", "rb", block_size=1 << 20) as from_there:
        from_there.seek(5_000_000)
        same(from_there.read(10), b"groundcrew")


@case("ls", "files and folders")
def ls():
    lay("fs/ls/a"), lay("fs/ls/b/c")
    same(fs.ls("remote/fs/ls"), ["remote/fs/ls/a", "remote/fs/ls/b"])


@case("ls of what is not there", "FileNotFoundError", expect="FileNotFoundError")
def ls_missing():
    fs.ls("remote/nowhere")


@case("find", "all files")
def find():
    lay("fs/find/a"), lay("fs/find/b/c")
    same(fs.find("remote/fs/find"), ["remote/fs/find/a", "remote/fs/find/b/c"])


@case("glob", "what fits")
def glob():
    lay("fs/glob/a.txt"), lay("fs/glob/b.nc"), lay("fs/glob/c/d.nc")
    same(fs.glob("remote/fs/glob/**/*.nc"), ["remote/fs/glob/b.nc", "remote/fs/glob/c/d.nc"])


@case("du", "the sum of the sizes")
def du():
    lay("fs/du/a", b"12345"), lay("fs/du/b", b"123")
    same(fs.du("remote/fs/du"), 8)


@case("info of a file", "its size and kind")
def info():
    lay("fs/info", b"12345")
    got = fs.info("remote/fs/info")
    same((got["size"], got["type"], got["name"]), (5, "file", "remote/fs/info"))


@case("info of a folder", "a folder")
def info_folder():
    lay("fs/folder/a")
    same(fs.info("remote/fs/folder")["type"], "directory")


@case("exists", "of both kinds and of none")
def exists():
    lay("fs/exists/a")
    same([fs.exists(f"remote/fs/{name}") for name in ("exists/a", "exists", "nothing")], [True, True, False])


@case("the checksum and the time of a file", "both")
def checksum():
    lay("fs/sum")
    same((isinstance(fs.checksum("remote/fs/sum"), int), fs.modified("remote/fs/sum") is not None), (True, True))


@case("getxattr", "the metadata")
def getxattr():
    fs.pipe_file("remote/fs/xattr", b"x", metadata={"a": "b"})
    same(fs.getxattr("remote/fs/xattr", "a"), "b")


@case("setxattrs", "changed", expect="501")
def setxattrs():
    lay("fs/setxattrs")
    fs.setxattrs("remote/fs/setxattrs", a="b")


@case("rm of a file", "gone")
def rm_file():
    lay("fs/rm")
    fs.rm_file("remote/fs/rm")
    same(lies("fs/rm"), None)


@case("rm of many", "all of them gone")
def rm():
    lay("fs/rm-many/a"), lay("fs/rm-many/b")
    fs.rm("remote/fs/rm-many", recursive=True)
    same((lies("fs/rm-many/a"), lies("fs/rm-many/b")), (None, None))


@case("cp", "copied", expect="501")
def cp():
    lay("fs/cp")
    fs.cp_file("remote/fs/cp", "remote/fs/copied")


@case("mv", "moved", expect="501")
def mv():
    lay("fs/mv")
    fs.mv("remote/fs/mv", "remote/fs/moved")


@case("merge", "composed", expect="501")
def merge():
    lay("fs/one"), lay("fs/two")
    fs.merge("remote/fs/whole", ["remote/fs/one", "remote/fs/two"])


@case("touch", "an empty file")
def touch():
    fs.touch("remote/fs/touched")
    same(lies("fs/touched"), b"")


@case("ls of all buckets", "the buckets", expect="501")
def buckets():
    fs.ls("")


@case("mkdir of a bucket", "made", expect="501")
def mkdir():
    fs.mkdir("another-bucket")


@case("rmdir of a bucket", "gone", expect="501")
def rmdir():
    fs.rmdir("remote")


@case("put and get of a file", "the same bytes")
def put_get():
    import tempfile

    with tempfile.TemporaryDirectory() as here:
        with open(f"{here}/a", "wb") as to:
            to.write(megabytes)
        fs.put_file(f"{here}/a", "remote/fs/put", chunksize=1 << 20)
        fs.get_file("remote/fs/put", f"{here}/b")
        with open(f"{here}/b", "rb") as back:
            same((lies("fs/put") == megabytes, back.read() == megabytes), (True, True))


@case("signing an address", "an address, or no key to sign by", expect="AttributeError")
def sign():
    fs.sign("remote/fs/cat")


cases.run(code_of, folder.world)
