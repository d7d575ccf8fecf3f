// The peer: fetches the same pages of both ends and counts their objects, and does nothing else.
const [origin = ""] = process.argv.slice(2);
let objects = 0;

async function pages(first: string, next: (text: string) => string | undefined, item: RegExp): Promise<void> {
  for (let at: string | undefined = first; at !== undefined; ) {
    const text: string = await (await fetch(at)).text();
    objects += text.match(item)?.length ?? 0;
    at = next(text);
  }
}

const gcs = `${origin}/storage/v1/b/source/o`;
const s3 = `${origin}/target?list-type=2`;
await pages(
  gcs,
  (text) => {
    const token = /"nextPageToken":"(\d+)"/.exec(text)?.[1];
    return token === undefined ? undefined : `${gcs}?pageToken=${token}`;
  },
  /"name":/g,
);
await pages(
  s3,
  (text) => {
    const token = /<NextContinuationToken>(\d+)</.exec(text)?.[1];
    return token === undefined ? undefined : `${s3}&continuation-token=${token}`;
  },
  /<Key>/g,
);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ objects, seconds: (user + system) / 1e6 }));
