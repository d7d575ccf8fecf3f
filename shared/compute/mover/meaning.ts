// Part of the mover: what stands beside the bytes, in words that both kinds of store share. Times of the last change are written as rclone
// writes them, so that it finds them; a value that a header cannot hold goes into S3 by RFC 2047, which S3 itself decodes and encodes
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata). Kinds have the words of besideKinds.

export const meaning = String.raw`
# Headers of S3 and fields of Cloud Storage that say the same.
FIELDS = {
    "content-type": "contentType",
    "content-encoding": "contentEncoding",
    "cache-control": "cacheControl",
    "content-disposition": "contentDisposition",
    "content-language": "contentLanguage",
}
# Own metadata that stands for the custom time of Cloud Storage where the target has none.
CUSTOM_TIME = "goog-custom-time"
# Seconds of the last change, as gsutil keeps them.
GSUTIL_MTIME = "goog-reserved-file-mtime"

PRINTABLE = re.compile(r"[ -~]*")
# Keys that can be a part of a header's name: https://www.rfc-editor.org/rfc/rfc9110#name-tokens
TOKEN = re.compile(r"[!#$%&'*+.^_|~0-9A-Za-z\x60-]+")
# Bytes of an encoded word, which has 75 letters at most: https://www.rfc-editor.org/rfc/rfc2047#section-2
WORD_BYTES = 45


@dataclasses.dataclass
class Found:
    """An object, as its store describes it."""

    size: int
    # In hexadecimal; None where the store does not know it.
    md5: str | None
    # Generation or ETag: what is read is of this one.
    version: str
    headers: dict[str, str]
    own: dict[str, str]
    # Nanoseconds since 1970, of the last change.
    mtime: int | None
    custom_time: str = ""
    # Kinds of what cannot be carried.
    left: set[str] = dataclasses.field(default_factory=set)


def kind_of(header: str) -> str:
    return "expiry" if header == "expires" else header.replace("-", " ")


def for_s3(found: Found) -> tuple[dict[str, str], set[str]]:
    """Gives the headers by which S3 is told, and kinds that it cannot be told."""
    headers, left = {}, set(found.left)
    for name, text in found.headers.items():
        if PRINTABLE.fullmatch(text):
            headers[name] = text
        else:
            left.add(kind_of(name))
    own = {**found.own, **({CUSTOM_TIME: found.custom_time} if found.custom_time else {})}
    for key, text in own.items():
        # S3 keeps keys in lower case: of two that differ in nothing else it can hold one.
        header = "x-amz-meta-" + key.lower()
        if TOKEN.fullmatch(key) and header not in headers:
            headers[header] = mail_safe(text)
        else:
            left.add("own metadata")
    if found.mtime is not None:
        headers["x-amz-meta-mtime"] = decimal_seconds(found.mtime)
    return headers, left


def for_gcs(found: Found) -> tuple[dict, set[str]]:
    """Gives the resource by which Cloud Storage is told, and kinds that it cannot be told."""
    left = found.left | {kind_of(name) for name in found.headers if name not in FIELDS}
    resource: dict = {FIELDS[name]: text for name, text in found.headers.items() if name in FIELDS}
    metadata = dict(found.own)
    if found.mtime is not None:
        metadata.update({"mtime": written_time(found.mtime), GSUTIL_MTIME: str(found.mtime // 10**9)})
    if found.custom_time:
        resource["customTime"] = found.custom_time
    return {**resource, "metadata": metadata}, left


def mail_safe(text: str) -> str:
    """Writes what a header would lose, or what would be read as such writing, by RFC 2047."""
    if PRINTABLE.fullmatch(text) and text == text.strip() and "=?" not in text and "  " not in text:
        return text
    words = [b""]
    for letter in text:
        if len(words[-1] + letter.encode()) > WORD_BYTES:
            words.append(b"")
        words[-1] += letter.encode()
    return " ".join(f"=?UTF-8?B?{b64(word)}?=" for word in words)


def from_mail_safe(value: str) -> str:
    """Reads a header: its bytes are UTF-8, or else Latin-1, as Python takes them."""
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    if "=?" not in value:
        return value
    try:
        parts = email.header.decode_header(value)
        return "".join(part if isinstance(part, str) else part.decode(charset or "latin-1") for part, charset in parts)
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return value


def decimal_seconds(nanoseconds: int) -> str:
    """Writes a time as rclone does in S3: seconds since 1970."""
    text = format(decimal.Decimal(nanoseconds).scaleb(-9), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_seconds(text: str) -> int | None:
    return int(decimal.Decimal(text).scaleb(9)) if re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", text) else None


TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))")


def written_time(nanoseconds: int) -> str:
    """Writes a time as rclone does in Cloud Storage: by RFC 3339."""
    seconds, rest = divmod(nanoseconds, 10**9)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + fraction + "Z"


def read_time(text: str) -> int | None:
    found = TIME.fullmatch(text)
    if found is None:
        return None
    *moment, fraction, sign, hours, minutes = found.groups()
    seconds = calendar.timegm(tuple(map(int, moment)))
    if sign:
        seconds -= int(sign + "1") * (int(hours) * 3600 + int(minutes) * 60)
    return seconds * 10**9 + int((fraction or "0").ljust(9, "0"))
`;
