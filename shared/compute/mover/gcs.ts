// Part of the mover: Cloud Storage by its JSON API. Objects are written by resumable uploads, of which only an ended one is an object, and
// which is one operation in the bill (https://cloud.google.com/storage/docs/resumable-uploads).

export const gcs = String.raw`
# Bytes that are read, and of a large object sent, at once: a multiple of the 256 KiB that a chunk of Cloud Storage has to be.
PIECE = 8 * MIB
# Seconds before its end at which a token is asked for anew; the metadata server has another one five minutes before.
TOKEN_MARGIN = 240


class Token:
    """The machine's own token, from the metadata server (https://cloud.google.com/compute/docs/access/authenticate-workloads)."""

    def __init__(self, wire: Wire):
        self.wire, self.lock = wire, threading.Lock()
        self.text, self.until = "", 0.0
        self.base = "http://" + os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")

    def header(self) -> dict[str, str]:
        with self.lock:
            if time.monotonic() > self.until - TOKEN_MARGIN:
                path = "/computeMetadata/v1/instance/service-accounts/default/token"
                answer = self.wire.ask("GET", self.base, path, lambda: {"Metadata-Flavor": "Google"}).of(200)
                told = json.loads(answer.body)
                self.text, self.until = told["access_token"], time.monotonic() + told["expires_in"]
            return {"Authorization": "Bearer " + self.text}


class Store:
    """An end, as the environment tells of it."""

    def __init__(self, end: str):
        # Connections of its own: both ends may be one host, and one is written to while the other is read.
        self.wire = Wire()
        place = urllib.parse.urlsplit(os.environ[end + "_ENDPOINT"])
        self.base, self.root = f"{place.scheme}://{place.netloc}", place.path.rstrip("/")
        self.bucket, self.prefix = os.environ[end + "_BUCKET"], os.environ[end + "_PREFIX"]

    def key(self, name: str) -> str:
        key = f"{self.prefix}/{name}" if self.prefix else name
        # Both kinds of store take 1,024 bytes, and a HEAD does not say why it is refused.
        if len(key.encode(errors="replace")) > 1024:
            raise Refused("too-long")
        return key


class Gcs(Store):
    SAID = [*FIELDS.values(), "size", "md5Hash", "generation", "updated", "customTime", "metadata"]
    HELD = ["temporaryHold", "eventBasedHold", "retentionExpirationTime"]

    def __init__(self, end: str):
        super().__init__(end)
        self.token = Token(self.wire)
        self.objects = f"/storage/v1/b/{encoded(self.bucket)}/o"

    def ask(self, method, target, headers=None, body=None, most=0) -> Answer:
        def proven() -> dict[str, str]:
            return {**self.token.header(), **(headers or {})}

        return self.wire.ask(method, self.base, self.root + target, proven, body, most)

    def find(self, key: str) -> Found | None:
        fields = ",".join(self.SAID + self.HELD)
        answer = self.ask("GET", f"{self.objects}/{encoded(key)}?fields={fields}").of(200, 404)
        if answer.status == 404:
            return None
        told = json.loads(answer.body)
        own = dict(told.get("metadata", {}))
        times = read_time(own.pop("mtime", "")), read_seconds(own.pop(GSUTIL_MTIME, "")), read_time(told["updated"])
        # A sum that rclone left in S3 is no word on these bytes.
        own.pop("md5chksum", None)
        md5 = told.get("md5Hash")
        return Found(
            size=int(told["size"]),
            md5=base64.b64decode(md5).hex() if md5 else None,
            version=told["generation"],
            headers={name: told[field] for name, field in FIELDS.items() if told.get(field)},
            own=own,
            mtime=next((each for each in times if each is not None), None),
            custom_time=told.get("customTime", ""),
            left={"hold or retention"} if any(told.get(each) for each in self.HELD) else set(),
        )

    def read(self, key: str, version: str, offset: int, length: int) -> bytes:
        # What is packed comes as it is only to who says that it can be read so: https://cloud.google.com/storage/docs/transcoding
        headers = {"Accept-Encoding": "gzip", "Range": f"bytes={offset}-{offset + length - 1}"}
        target = f"{self.objects}/{encoded(key)}?alt=media&ifGenerationMatch={version}"
        return self.ask("GET", target, headers, most=length).of(200, 206).body

    def delete(self, key: str, version: str) -> None:
        answer = self.ask("DELETE", f"{self.objects}/{encoded(key)}?ifGenerationMatch={version}")
        if answer.status == 412:
            raise Taken
        answer.of(200, 204, 404)

    def put(self, key: str, load: Load, instead: str | None) -> None:
        resource, load.left = for_gcs(load.found)
        query = f"uploadType=resumable&ifGenerationMatch={instead or 0}&fields=md5Hash&name={encoded(key)}"
        kind = {"Content-Type": "application/json"}
        begun = self.ask("POST", f"/upload{self.objects}?{query}", kind, json.dumps(resource).encode())
        if begun.status == 412:
            raise Taken
        # Nothing else has to be there.
        if begun.status == 404:
            raise Refused("no-bucket")
        # The address is a proof of its own, and so no token goes along.
        session = urllib.parse.urlsplit(begun.of(200, 201).headers["location"])
        answer = begun
        for offset, piece in load.pieces(PIECE):
            answer = self.send(session, load, offset, piece)
        if json.loads(answer.body).get("md5Hash") != b64(load.sum.digest()):
            raise Damaged

    def send(self, session, load: Load, offset: int, piece: bytes) -> Answer:
        """Sends a piece until all of it is kept; with the last one goes the sum that the whole has to have."""
        end, kept = offset + len(piece), offset
        headers = {}
        if end == load.found.size:
            headers["X-Goog-Hash"] = "md5=" + b64(load.sum.digest())
        while True:
            span = f"{kept}-{end - 1}" if piece else "*"
            ranged = {**headers, "Content-Range": f"bytes {span}/{load.found.size}"}
            base, target = f"{session.scheme}://{session.netloc}", f"{session.path}?{session.query}"
            answer = self.wire.ask("PUT", base, target, lambda: ranged, piece[kept - offset :])
            if answer.status == 412:
                raise Taken
            # A sum that does not fit is a 400, and a session that is not known any more a 404 or 410.
            if answer.status in (400, 404, 410):
                raise Damaged
            if answer.of(200, 201, 308).status != 308:
                return answer
            last = re.fullmatch(r"bytes=0-(\d+)", answer.headers.get("range", ""))
            before, kept = kept, int(last.group(1)) + 1 if last else 0
            if kept >= end:
                return answer
            if kept <= before:
                raise Damaged
`;
