// Questions of rclone to our S3 and our Cloud Storage: what is asked, what the store does by its documentation, what is expected.

export type RcloneCase = {
  name: string;
  asks: string[];
  vendor: string;
  /** "right", or "501" where the far end says that it does not serve it. */
  expect: "right" | "501";
  /** Files of the bucket below `name/` afterwards, by name; those laid before are `a`, `b/c` and `odd +&%.nc`. */
  left: Record<string, string>;
  out?: string;
};

/** Files that lie in each case's folder before it. */
export const laid: Record<string, string> = { a: "a", "b/c": "cc", "odd +&%.nc": "odd" };
const without = (...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(laid).filter(([name]) => !names.includes(name)));

type Maker = (
  name: string,
  asks: string[],
  vendor: string,
  left?: RcloneCase["left"],
  out?: string,
  expect?: RcloneCase["expect"],
) => RcloneCase;

/** `to` is the remote's folder of the case, `here` a folder of this machine with `new` in it. */
export const casesOf = (to: (name: string) => string, here: string, isS3: boolean): RcloneCase[] => {
  const row = (
    name: string,
    asks: string[],
    vendor: string,
    left: RcloneCase["left"] = laid,
    out?: string,
    expect: RcloneCase["expect"] = "right",
  ): RcloneCase => ({ name, asks, vendor, expect, left, ...(out === undefined ? {} : { out }) });
  /** Uploads that say more than S3 keeps here; to Cloud Storage rclone says neither with an upload. */
  const uploadsOf = (make: Maker): RcloneCase[] =>
    ["--s3-storage-class=GLACIER", "--s3-acl=public-read"].map((word) =>
      make(word, ["copyto", word, `${here}/new`, `${to(word)}/new`], "so", laid, undefined, "501"),
    );
  return [
    row("list", ["lsf", "-R", "--files-only", to("list")], "all", laid, "a\nb/c\nodd +&%.nc"),
    row("sizes", ["size", "--json", to("sizes")], "their sum", laid, '{"count":3,"bytes":6,"sizeless":0}'),
    row("read", ["cat", `${to("read")}/odd +&%.nc`], "the bytes", laid, "odd"),
    row("part", ["cat", "--offset", "1", "--count", "1", `${to("part")}/b/c`], "that part", laid, "c"),
    row("sums", ["md5sum", `${to("sums")}/a`], "MD5", laid, "0cc175b9c0f1b6a831c399e269772661  a"),
    row("missing", ["cat", `${to("missing")}/nothing`, "--retries", "1"], "an error, nothing more"),
    row("put", ["copyto", `${here}/new`, `${to("put")}/new`], "written", { ...laid, new: "new" }),
    row("over", ["copyto", `${here}/new`, `${to("over")}/a`], "replaced", { ...laid, a: "new" }),
    row("stream", ["rcat", `${to("stream")}/new`], "an empty object", { ...laid, new: "" }),
    row("touch", ["touch", `${to("touch")}/new`], "an empty object", { ...laid, new: "" }),
    row("delete one", ["deletefile", `${to("delete one")}/a`], "gone", without("a")),
    row("delete all", ["delete", to("delete all")], "all gone", {}),
    row("purge", ["purge", to("purge")], "all gone", {}),
    row("dry run", ["delete", "--dry-run", to("dry run")], "nothing happens"),
    row("sync", ["sync", here, to("sync")], "as there", { new: "new" }),
    row("copy", ["copy", here, to("copy")], "added", { ...laid, new: "new" }),
    row(
      "server copy",
      ["copyto", `${to("server copy")}/a`, `${to("server copy")}/z`],
      "copied there",
      laid,
      undefined,
      "501",
    ),
    row(
      "server move",
      ["moveto", `${to("server move")}/a`, `${to("server move")}/z`],
      "moved there",
      laid,
      undefined,
      "501",
    ),
    row("public", ["link", `${to("public")}/a`], isS3 ? "a signed address" : "no such thing", laid),
    row("check", ["check", here, to("check"), "--one-way"], "a difference, and nothing more"),
    ...(isS3 ? uploadsOf(row) : []),
  ];
};
