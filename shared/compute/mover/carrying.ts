// Part of the mover: one object from end to end, and many at once.

export const carrying = String.raw`
# Objects at a time: a piece or two of each is in memory, half a gigabyte in all.
AT_ONCE = 32
# Times that an object is carried from its beginning.
WHOLE_TRIES = 3
# Objects that fail by one of these causes, one after the other and none between that does not: then the rest is left for later.
MOST_IN_A_ROW = 64
OF_ALL = {"busy", "denied", "quota"}


class Load:
    """An object on its way, piece by piece. The last one is given away only if the whole has the MD5 that is known."""

    def __init__(self, source: Gcs | S3, key: str, found: Found, md5: str | None, tally: Tally):
        self.source, self.key, self.found, self.md5, self.tally = source, key, found, md5, tally
        self.sum = hashlib.md5()
        # ETag that the target has of bytes in parts.
        self.tag = ""
        # Kinds of what the target cannot be told.
        self.left: set[str] = set()
        self.counted = 0

    def pieces(self, piece_bytes: int):
        self.sum = hashlib.md5()
        self.uncount()
        size = self.found.size
        for offset in range(0, max(size, 1), piece_bytes):
            length = min(piece_bytes, size - offset)
            piece = self.source.read(self.key, self.found.version, offset, length) if size > 0 else b""
            if len(piece) != length:
                raise Damaged
            self.sum.update(piece)
            if offset + length == size and self.md5 not in (None, self.sum.hexdigest()):
                raise Damaged
            self.count(length)
            yield offset, piece

    def count(self, length: int) -> None:
        self.counted += length
        self.tally.add(bytes=length)

    def uncount(self) -> None:
        self.count(-self.counted)


def carried(entry: dict, source: Gcs | S3, target: Gcs | S3, tally: Tally) -> dict:
    """Gives the result of an object."""
    if "delete" in entry:
        return deleted(entry["name"], entry["delete"], target)
    name, size, listed = entry["name"], entry["size"], entry.get("md5")
    from_key, to_key = source.key(name), target.key(name)
    found = source.find(from_key)
    if found is None:
        raise Refused("gone")
    if found.size != size or (listed and found.md5 and listed != found.md5):
        raise Refused("changed")
    load = Load(source, from_key, found, listed or found.md5, tally)
    try:
        return brought(name, load, target, to_key, entry.get("replace"))
    except Exception:
        load.uncount()
        raise


def brought(name: str, load: Load, target: Gcs | S3, key: str, old: dict | None) -> dict:
    """Brings an object to where none is, or to where the one is that the plan has named as the one to be replaced."""
    bare: set[str] = set()
    for _ in range(WHOLE_TRIES):
        load.uncount()
        there = seen(target, key)
        instead = there.version if there is not None and old is not None and is_named(old, there) else None
        if there is not None and instead is None:
            return compared(name, load, there)
        try:
            target.put(key, load, instead)
            left = {"left": sorted(load.left | bare)} if load.left | bare else {}
            tag = {"etag": load.tag} if load.tag else {}
            return {"name": name, "state": "copied", "md5": load.sum.hexdigest(), **tag, **left}
        except (Damaged, Taken):
            continue
        except Refused as refused:
            if refused.code != "MetadataTooLarge" or not load.found.own:
                raise
            load.found.own, bare = {}, {"own metadata"}
    raise Refused("changed")


def is_named(old: dict, there: Found) -> bool:
    """Tells whether an object at the target has the content that the plan has named: of what nothing is known, nothing is lost."""
    writings = (old.get("generation"), there.version), (old.get("etag"), there.version.strip('"'))
    sums = (*writings, (old.get("md5"), there.md5))
    return there.size == old["size"] and any(one is not None and one == other for one, other in sums)


def deleted(name: str, old: dict, target: Gcs | S3) -> dict:
    """Takes away the object that the plan has named, and no other."""
    key = target.key(name)
    there = target.find(key)
    if there is None:
        return {"name": name, "state": "gone"}
    if not is_named(old, there):
        raise Refused("changed")
    try:
        target.delete(key, there.version)
    except Taken:
        raise Refused("changed") from None
    return {"name": name, "state": "deleted"}


def seen(target: Gcs | S3, key: str) -> Found | None:
    try:
        return target.find(key)
    except Refused as refused:
        # A key may be good for writing alone: the write itself has a condition.
        if refused.cause != "denied":
            raise
        return None


def compared(name: str, load: Load, there: Found) -> dict:
    """Says of an object that was there that it is, and names its MD5 if it is the source's; another one is left alone."""
    if there.size != load.found.size or (load.md5 and there.md5 and load.md5 != there.md5):
        raise Refused("changed")
    same = {"md5": there.md5} if load.md5 and there.md5 else {}
    return {"name": name, "state": "there", **same}


class Tally:
    """Counts, for those who look on."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {"objects": 0, "bytes": 0}
        self.causes: dict[str, int] = {}
        self.in_a_row = 0

    def add(self, **counts: int) -> None:
        with self.lock:
            for what, count in counts.items():
                self.counts[what] += count

    def end(self, result: dict) -> None:
        cause = result.get("cause")
        self.add(objects=result["state"] in ("copied", "deleted"))
        with self.lock:
            self.in_a_row = self.in_a_row + 1 if cause in OF_ALL else 0
            if cause:
                self.causes[cause] = self.causes.get(cause, 0) + 1

    def write(self, path: str) -> None:
        with self.lock:
            text = json.dumps({**self.counts, "causes": self.causes}, separators=(",", ":"))
        with open(path + ".new", "w") as file:
            file.write(text + "\n")
        os.replace(path + ".new", path)


def result_of(entry: dict, source: Gcs | S3, target: Gcs | S3, tally: Tally) -> dict:
    try:
        return carried(entry, source, target, tally)
    except Refused as refused:
        cause = refused.cause
    except Exception as error:
        # Its text may have a name in it.
        print(type(error).__name__, file=sys.stderr)
        cause = "other"
    return {"name": entry["name"], "state": "failed", "cause": cause}


def run(entries: list[dict], results, progress: str, source: Gcs | S3, target: Gcs | S3) -> Tally:
    lock, tally, left = threading.Lock(), Tally(), iter(entries)

    def work() -> None:
        while tally.in_a_row < MOST_IN_A_ROW:
            with lock:
                entry = next(left, None)
            if entry is None:
                return
            result = result_of(entry, source, target, tally)
            tally.end(result)
            with lock:
                results.write(json.dumps(result) + "\n")
                results.flush()

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        workers = [pool.submit(work) for _ in range(AT_ONCE)]
        while concurrent.futures.wait(workers, timeout=1).not_done:
            tally.write(progress)
        tally.write(progress)
        for worker in workers:
            worker.result()
    return tally


def named_writings(names: str, out: str) -> int:
    """Names the writing of each object at the target; of one that is not there, or that it does not show, nothing is said."""
    target = store("TARGET")

    def writing(name: str) -> str:
        try:
            found = target.find(target.key(name))
        except Refused:
            found = None
        return json.dumps({"name": name, "writing": found.version.strip('"')}) + "\n" if found else ""

    with open(names, newline="\n") as lines, open(out, "w") as file, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        file.writelines(pool.map(writing, (line.rstrip("\n") for line in lines)))
    return 0


def store(end: str) -> Gcs | S3:
    return {"gcs": Gcs, "s3": S3}[os.environ[end + "_KIND"]](end)


def main(listing: str, results: str, progress: str) -> int:
    try:
        source, target = store("SOURCE"), store("TARGET")
        with open(listing, "rb") as lines:
            entries = [json.loads(line) for line in lines]
    except (KeyError, ValueError) as error:
        print("the environment or the list cannot be read:", type(error).__name__, file=sys.stderr)
        return 2
    with open(results, "w") as out:
        tally = run(entries, out, progress, source, target)
    return 1 if tally.causes else 0


if __name__ == "__main__":
    sys.exit(named_writings(*sys.argv[2:]) if sys.argv[1] == "--writings" else main(*sys.argv[1:]))
`;
