// GitHub's REST lists over a scripted GitHub: read to the page after which there is none, or refused.
import { expect, test } from "@jest/globals";
import { invitationLists, readInvitations } from "../../../shared/github/lists.ts";
import { plainOctokit } from "../../../shared/github/octokit.ts";

const invitation = (id: number, more: object = {}) => ({
  ...{ id, login: `p-${id}`, email: null, created_at: "2031-03-03T10:00:00+01:00" },
  ...more,
});

/** Reads the list of pending invitations whose page `n` is the n-th of these; the link says whether there is a next one. */
async function reads(pages: (page: number) => unknown, isLast: (page: number) => boolean) {
  const asked: number[] = [];
  const send: typeof fetch = async (input) => {
    const page = Number(new URL(String(input)).searchParams.get("page"));
    asked.push(page);
    const link = `<http://github.test/orgs/hub/invitations?page=${page + 1}>; rel="${isLast(page) ? "prev" : "next"}"`;
    return Response.json(pages(page), { headers: { link } });
  };
  const octokit = await plainOctokit({ endpoints: { github: "http://github.test" }, fetch: send });
  return { asked, read: () => readInvitations(octokit, invitationLists.pending, { org: "hub" }) };
}

test("is read to its last page, each invitation once", async () => {
  // One has come meanwhile, and has moved another one to the next page.
  const { asked, read } = await reads(
    (page) => (page === 1 ? [invitation(1), invitation(2)] : [invitation(2), invitation(3)]),
    (page) => page === 2,
  );
  expect((await read()).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(asked).toEqual([1, 2]);
});

test("a hundred pages are a list, more are none", async () => {
  const hundred = await reads(
    (page) => [invitation(page)],
    (page) => page === 100,
  );
  expect(await hundred.read()).toHaveLength(100);
  const endless = await reads(
    (page) => [invitation(page)],
    () => false,
  );
  await expect(endless.read()).rejects.toMatchObject({ failure: { cause: "endless-list" } });
  expect(endless.asked).toHaveLength(100);
});

test.each([
  ["a time", { failed_at: "2031-03-04T10:00:00Z" }, "2031-03-04T10:00:00.000Z"],
  ["none", { failed_at: null }, null],
  ["none, as GitHub's example says it", { failed_at: "" }, null],
  ["nothing", {}, undefined],
])("when one failed: %s", async (_, more, failedAt) => {
  const { read } = await reads(
    () => [invitation(1, more)],
    () => true,
  );
  const [one] = await read();
  expect([one?.created_at, one?.failed_at]).toEqual(["2031-03-03T09:00:00.000Z", failedAt]);
});

test.each([
  ["no list", {}],
  ["one without a number", [{ ...invitation(1), id: undefined }]],
  ["one of no time", [invitation(1, { created_at: "some day" })]],
])("what cannot be understood is refused whole: %s", async (_, page) => {
  const { read } = await reads(
    () => page,
    () => true,
  );
  await expect(read()).rejects.toThrow(/broken off/);
});
