// The peer: fetches the same pages of both ends, with the token and the signatures without which no store gives them, counts their objects, and
// does nothing else.
import { AwsClient } from "aws4fetch";

const [origin = ""] = process.argv.slice(2);
const google = { headers: { authorization: "Bearer t" } };
const s3 = new AwsClient({ accessKeyId: "key", secretAccessKey: "secret", service: "s3", region: "auto" });
let objects = 0;

for (let token: string | undefined = "0"; token !== undefined; ) {
  const page: Response = await fetch(`${origin}/storage/v1/b/source/o?pageToken=${token}`, google);
  const { items, nextPageToken }: { items: unknown[]; nextPageToken?: string } = JSON.parse(
    await page.text(),
  );
  objects += items.length;
  token = nextPageToken;
}
for (let token: string | undefined = "0"; token !== undefined; ) {
  const page: Response = await s3.fetch(`${origin}/target?list-type=2&continuation-token=${token}`);
  const text = await page.text();
  objects += text.match(/<Key>/g)?.length ?? 0;
  token = /<NextContinuationToken>(\d+)</.exec(text)?.[1];
}
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ objects, seconds: (user + system) / 1e6 }));
