// Part of the mover: an S3 store, signed by Signature Version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
// Objects of up to 200 MiB go whole, as with rclone, so that listings have their MD5; larger ones in parts, with the MD5 as rclone leaves it.

export const s3 = String.raw`
WHOLE = 200 * MIB
MOST_PARTS = 10_000
# Parts of objects beyond 80 GB are larger than a piece and held in memory: of those there is one at a time.
GIANT = threading.Lock()
# Bodies are held against their MD5, and TLS keeps them on the way.
UNSIGNED = "UNSIGNED-PAYLOAD"
SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
MD5_BASE64 = re.compile("[A-Za-z0-9+/]{22}==")
SIGNED = re.compile(r"host|content-md5|content-type|x-amz-.*")


class S3(Store):
    def __init__(self, end: str):
        super().__init__(end)
        self.region, self.key_id = os.environ[end + "_REGION"], os.environ[end + "_KEY_ID"]
        self.secret = os.environ[end + "_SECRET"]
        self.host = self.base.partition("://")[2]
        # Holds until the store says that it knows no such conditions.
        self.conditional = True

    def ask(self, method, key, query=None, headers=None, body=None, most=0) -> Answer:
        path = f"{self.root}/{encoded(self.bucket)}/{encoded(key, safe='/')}"
        words = "&".join(f"{encoded(name)}={encoded(text)}" for name, text in sorted((query or {}).items()))
        target = path + ("?" + words if words else "")

        def proven() -> dict[str, str]:
            return self.signed(method, path, words, headers or {})

        return self.wire.ask(method, self.base, target, proven, body, most)

    def signed(self, method: str, path: str, query: str, given: dict[str, str]) -> dict[str, str]:
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        headers = {**given, "host": self.host, "x-amz-date": now, "x-amz-content-sha256": UNSIGNED}
        names = sorted(name for name in headers if SIGNED.fullmatch(name))
        lines = [f"{name}:{re.sub(' +', ' ', headers[name].strip())}" for name in names]
        canonical = "\n".join([method, path, query, *lines, "", ";".join(names), UNSIGNED])
        scope = f"{now[:8]}/{self.region}/s3/aws4_request"
        key = ("AWS4" + self.secret).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        proof = f"Credential={self.key_id}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        return {**headers, "authorization": "AWS4-HMAC-SHA256 " + proof}

    def find(self, key: str) -> Found | None:
        answer = self.ask("HEAD", key).of(200, 404)
        if answer.status == 404:
            return None
        told = {name.lower(): from_mail_safe(text) for name, text in answer.headers.items()}
        # Some stores keep what was said of the way: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
        encodings = [each.strip() for each in told.get("content-encoding", "").split(",")]
        told["content-encoding"] = ",".join(each for each in encodings if each != "aws-chunked")
        own = {name[len("x-amz-meta-") :]: text for name, text in told.items() if name.startswith("x-amz-meta-")}
        mtime, left_sum = read_seconds(own.pop("mtime", "")), own.pop("md5chksum", "")
        if mtime is None and "last-modified" in told:
            mtime = int(email.utils.parsedate_to_datetime(told["last-modified"]).timestamp()) * 10**9
        return Found(
            size=int(told["content-length"]),
            md5=base64.b64decode(left_sum).hex() if MD5_BASE64.fullmatch(left_sum) else sum_in(answer),
            version=told.get("etag", ""),
            headers={name: told[name] for name in [*FIELDS, "expires"] if told.get(name)},
            own=own,
            mtime=mtime,
            left=left_in(told),
        )

    def read(self, key: str, version: str, offset: int, length: int) -> bytes:
        headers = {"range": f"bytes={offset}-{offset + length - 1}", **({"if-match": version} if version else {})}
        return self.ask("GET", key, headers=headers, most=length).of(200, 206).body

    def delete(self, key: str, version: str) -> None:
        answer = self.conditioned("DELETE", key, {}, {}, {"if-match": version})
        if answer.status == 412:
            raise Taken
        answer.of(200, 204, 404)

    def put(self, key: str, load: Load, instead: str | None) -> None:
        headers, load.left = for_s3(load.found)
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        condition = {"if-match": instead} if instead else {"if-none-match": "*"}
        if load.found.size <= WHOLE:
            self.put_whole(key, load, headers, condition)
        elif load.found.size <= PIECE * MOST_PARTS:
            self.put_parts(key, load, headers, condition, PIECE)
        else:
            with GIANT:
                self.put_parts(key, load, headers, condition, -(-load.found.size // MOST_PARTS))

    def put_whole(self, key: str, load: Load, headers: dict[str, str], condition: dict[str, str]) -> None:
        if load.found.size <= PIECE:
            # Read before it is sent, and so its MD5 is known to the store beforehand.
            body = b"".join(piece for _, piece in load.pieces(PIECE))
            md5 = load.sum.digest()
        else:
            def body():
                return (piece for _, piece in load.pieces(PIECE))

            md5 = load.md5 and bytes.fromhex(load.md5)
        headers["content-length"] = str(load.found.size)
        if md5:
            headers["content-md5"] = b64(md5)
        answer = self.written(self.conditioned("PUT", key, {}, headers, condition, body))
        if sum_in(answer) not in (None, load.sum.hexdigest()):
            self.ask("DELETE", key, headers={"if-match": answer.headers["etag"]})
            raise Damaged

    def put_parts(
        self, key: str, load: Load, headers: dict[str, str], condition: dict[str, str], piece_bytes: int
    ) -> None:
        if load.md5:
            headers["x-amz-meta-md5chksum"] = b64(bytes.fromhex(load.md5))
        begun = self.written(self.ask("POST", key, {"uploads": ""}, headers))
        upload = {"uploadId": html.unescape(re.search(r"<UploadId>([^<]+)<", begun.body.decode()).group(1))}
        parts, sums = [], b""
        try:
            for _, piece in load.pieces(piece_bytes):
                md5 = hashlib.md5(piece)
                sent = {"content-md5": b64(md5.digest())}
                query = {**upload, "partNumber": str(len(parts) + 1)}
                answer = self.written(self.ask("PUT", key, query, sent, piece))
                if sum_in(answer) not in (None, md5.hexdigest()):
                    raise Damaged
                parts.append(html.escape(answer.headers["etag"]))
                sums += md5.digest()
            body = "".join(
                f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>" for n, tag in enumerate(parts, 1)
            )
            whole = f'<CompleteMultipartUpload xmlns="{SPACE}">{body}</CompleteMultipartUpload>'.encode()
            self.written(self.conditioned("POST", key, upload, {}, condition, whole))
        except BaseException:
            with contextlib.suppress(Refused):
                self.ask("DELETE", key, upload)
            raise
        load.tag = f"{hashlib.md5(sums).hexdigest()}-{len(parts)}"

    def conditioned(self, method, key, query, headers, condition, body=None) -> Answer:
        """Asks under a condition. A store that knows none is asked without: the object was looked at before."""
        if self.conditional:
            answer = self.ask(method, key, query, {**headers, **condition}, body)
            if answer.status != 501:
                return answer
            self.conditional = False
        return self.ask(method, key, query, headers, body)

    def written(self, answer: Answer) -> Answer:
        """Gives the answer to a write that was done."""
        if answer.status == 412 or answer.code == "NoSuchKey":
            raise Taken
        # Parts may turn out not to fit after a status of 200: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
        lost = answer.status == 200 and answer.code
        if lost or answer.cause == "changed" or answer.code == "NoSuchUpload":
            raise Damaged
        return answer.of(200)


def sum_in(answer: Answer) -> str | None:
    """Reads an ETag that is an MD5: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html"""
    tag = answer.headers.get("etag", "").strip('"')
    plain = answer.headers.get("x-amz-server-side-encryption", "AES256") == "AES256"
    own_key = "x-amz-server-side-encryption-customer-algorithm" in answer.headers
    return tag if re.fullmatch("[0-9a-f]{32}", tag) and plain and not own_key else None


def left_in(told: dict[str, str]) -> set[str]:
    left = set()
    if "x-amz-object-lock-mode" in told or told.get("x-amz-object-lock-legal-hold") == "ON":
        left.add("hold or retention")
    if told.get("x-amz-tagging-count", "0") != "0":
        left.add("tags")
    if "x-amz-website-redirect-location" in told:
        left.add("redirect")
    # Metadata that the store cannot write as headers.
    if told.get("x-amz-missing-meta", "0") != "0":
        left.add("own metadata")
    return left
`;
