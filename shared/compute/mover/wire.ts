// Part of the mover: requests. They are asked again where the other side is busy or the connection breaks; a lasting refusal is an
// exception, with its cause in the word that the start-up script has for it.

export const wire = String.raw`
MIB = 1024 * 1024
# Times that a request is made, and seconds before the second and, at most, before any: half a minute in all.
TRIES, FIRST_PAUSE, LONGEST_PAUSE = 8, 0.25, 16.0
# Seconds that a store may ask to be left alone for.
LONGEST_WISH = 60.0
SILENCE_SECONDS = 60.0
# Bytes of an answer that is no object's.
ANSWER_BYTES = MIB
# An object's own metadata are headers, of which Python takes no more than a hundred by itself.
http.client._MAXHEADERS = 1000

# Causes in their order: by status, or by the code that the store gives. It has codes of Cloud Storage
# (https://cloud.google.com/storage/docs/json_api/v1/status-codes), of S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)
# and of those who speak like it.
CAUSES = (
    (
        "busy",
        {408, 429, 500, 502, 503, 504},
        "slowdown|ratelimit|toomanyrequests|requesttimeout$|operationaborted|conditionalrequestconflict",
    ),
    ("quota", {507}, "quota|insufficientstorage|storagefull"),
    ("changed", {412}, "baddigest|contentsha256mismatch|incompletebody"),
    ("too-long", {414}, "keytoolong|metadatatoolarge"),
    ("denied", {401, 403}, ""),
    ("no-bucket", set(), "nosuchbucket"),
    ("gone", {404, 410}, ""),
)


class Refused(Exception):
    """A refusal for good."""

    def __init__(self, cause: str, code: str = ""):
        super().__init__(cause)
        self.cause = cause
        self.code = code


class Damaged(Exception):
    """Bytes that are not those of the source, or an upload that got lost: the object is carried once more from its beginning."""


class Taken(Exception):
    """The target has an object of this name by now."""


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def code(self) -> str:
        """The store's own word for a refusal: in XML, or in JSON."""
        found = re.search(rb"<Code>\s*(\w{1,60})\s*</Code>", self.body[:65536])
        found = found or re.search(rb'"reason":\s*"(\w{1,60})"', self.body[:65536])
        return found.group(1).decode() if found else ""

    @property
    def cause(self) -> str:
        """Names the cause of a refusal; empty for an answer that is none, whose bytes may say anything."""
        if self.status < 300:
            return ""
        for cause, statuses, codes in CAUSES:
            if self.status in statuses or (codes and re.search(codes, self.code, re.IGNORECASE)):
                return cause
        return "other"

    def refused(self) -> Refused:
        return Refused(self.cause, self.code)

    def of(self, *statuses: int) -> Answer:
        """Gives the answer itself if its status is one of these."""
        if self.status not in statuses:
            raise self.refused()
        return self


class Wire(threading.local):
    """Connections of a thread, one a host, kept open."""

    def __init__(self):
        self.open: dict[str, http.client.HTTPConnection] = {}

    def ask(self, method, base, target, headers, body=None, most=0) -> Answer:
        """Gives the answer, whatever it says. Headers are made, and a body that can be called is, anew for each try."""
        wish = 0.0
        for tries in range(TRIES):
            if tries > 0:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1)) * random.uniform(0.5, 1)
                time.sleep(max(pause, wish))
            try:
                answer = self.once(method, base, target, headers(), body() if callable(body) else body, most)
            except (OSError, http.client.HTTPException):
                wish = 0.0
                continue
            if answer.cause != "busy":
                return answer
            wished = answer.headers.get("retry-after", "")
            wish = min(LONGEST_WISH, float(wished)) if wished.isdigit() else 0.0
        raise Refused("busy")

    def once(self, method, base, target, headers, body, most) -> Answer:
        connection = self.to(base)
        try:
            # A store that refuses before it has all bytes hangs up: its answer is read all the same.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, target, body, {"User-Agent": "groundcrew-mover", **headers})
            response = connection.getresponse()
            limit = max(most, ANSWER_BYTES)
            if (response.length or 0) > limit:
                raise Refused("other", "answer-too-long")
            content = response.read() if response.length is not None else response.read(limit)
        except BaseException:
            connection.close()
            raise
        return Answer(response.status, response.headers, content)

    def to(self, base: str) -> http.client.HTTPConnection:
        if base not in self.open:
            scheme, _, host = base.partition("://")
            kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
            self.open[base] = kind(host, timeout=SILENCE_SECONDS)
        return self.open[base]


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def encoded(text: str, safe: str = "") -> str:
    """Writes text as an address has it. Text that is no Unicode is refused."""
    try:
        return urllib.parse.quote(text, safe=safe)
    except UnicodeEncodeError:
        raise Refused("other", "no-unicode") from None
`;
