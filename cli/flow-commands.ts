// The commands of each flow, and of the plans that any flow may hold.
import { type Command, Option } from "commander";
import { TransferMode } from "../shared/events.ts";
import type { Add } from "./cli.ts";
import type { PreviewOptions } from "./commands/bump.ts";
import type { ClassOptions } from "./commands/class.ts";
import type { ForgetOptions } from "./commands/forget.ts";
import type { WhyOptions } from "./commands/members.ts";
import type { SheetPlanOptions } from "./commands/sheet-plan.ts";
import type { PlanOptions, RequestOptions } from "./commands/transfer-request.ts";
import type { VerifyOptions } from "./commands/transfer-verify.ts";
import { dateOrders } from "./date-order.ts";

export const addPlans: Add = (root, cli, end) => {
  const plans = root
    .command("plans")
    .description("what is on hold, whatever flow holds it, and your word on it");
  const commands = () => import("./commands/plans.ts");
  plans
    .command("ls")
    .description("the plans that wait for you (exit 4: one does)")
    .option("--all", "earlier ones too")
    .action(async (options: { all?: boolean }) => end((await commands()).listPlans(cli(), options)));
  plans
    .command("show <hash>")
    .description("a plan whole: each change that it holds, and what was said of it")
    .action(async (hash: string) => end((await commands()).showPlan(cli(), hash)));
  addApprovals(plans, cli, end);
};

export const addMembers: Add = (root, cli, end) => {
  const members = root
    .command("members")
    .description("who gets in, who waits, and why somebody cannot log in");
  const commands = () => import("./commands/members.ts");
  members
    .command("plan")
    .description("say what would change (exit 3: something would)")
    .option("--sheet <csv>", "from an exported sheet and the real GitHub, before anything is deployed")
    .option("--settings <file>", "with --sheet: the settings (groundcrew.yaml here)")
    .option(
      "--token-from <variable>",
      "with --sheet: where a token that only reads is (GROUNDCREW_GITHUB_TOKEN)",
    )
    .addOption(new Option("--dates <order>", "with --sheet: how its days are meant").choices(dateOrders))
    .action(async ({ sheet, ...options }: Partial<SheetPlanOptions>) =>
      end(
        sheet === undefined
          ? (await commands()).planMembers(cli(), options)
          : (await import("./commands/sheet-plan.ts")).planFromSheet(cli(), { sheet, ...options }),
      ),
    );
  members
    .command("apply")
    .description("compare sheet and teams now and make them agree")
    .option("--plan <hash>", "only if that is this plan: its hash, or the file of `members plan --json`")
    .action(async (options: { plan?: string }) => end((await commands()).applyMembers(cli(), options)));
  members
    .command("adopt")
    .description("ask to mark whom the sheet lists, and who are in their team, as let in by Groundcrew")
    .action(async () => end((await commands()).adoptMembers(cli())));
  members
    .command("undo <run>")
    .description("take back what a run did, as far as it is still so, and write to those to whom it wrote")
    .option("--dry-run", "only say what it would take back (exit 3: something)")
    .action(async (id: string, options: { dryRun?: boolean }) =>
      end((await commands()).undoMembers(cli(), id, options)),
    );
  members
    .command("forget <login>")
    .description("take somebody who has left out of all that is remembered, and say what stays elsewhere")
    .option("--also <text...>", "addresses and names of theirs that no record may tell any more")
    .option("-n, --dry-run", "only say what it would change")
    .action(async (login: string, options: ForgetOptions) =>
      end((await import("./commands/forget.ts")).forgetMember(cli(), login, options)),
    );
  addApprovals(members, cli, end);
  addWord(
    members,
    "accept",
    "let those keep it of whom a plan would take access; nobody is asked again",
    cli,
    end,
  );
  members
    .command("why [who...]")
    .description("why people, by login, address or name, cannot log in; those first who need something")
    .option("--file <list>", "a text file with one person a line")
    .action(async (who: string[], options: WhyOptions) =>
      end((await commands()).whyMembers(cli(), who, options)),
    );
  members
    .command("class [list]")
    .description(
      "keep invitations for a class, with a light for each person; without a list, show what is kept",
    )
    .option("--on <day>", "its day, as 2026-12-05")
    .option("--name <name>", "its name (the list's)")
    .option("--cancel", "call it off")
    .option("--print <page>", "write a page to hand on, without addresses: class.html")
    .action(async (list: string | undefined, options: ClassOptions) =>
      end((await import("./commands/class.ts")).classMembers(cli(), list, options)),
    );
};

export const addMail: Add = (root, cli, end) => {
  const mail = root.command("mail").description("mails to members, before they go out");
  const commands = () => import("./commands/mail.ts");
  mail
    .command("preview")
    .description("print each mail to a member that would go out now, with the person's own values")
    .action(async () => end((await commands()).previewMails(cli())));
  mail
    .command("templates")
    .description("print the texts as they would stand in the settings; needs no sample hub")
    .action(async () => end((await commands()).mailTemplates(cli())));
};

export const addQuota: Add = (root, cli, end) => {
  const quota = root.command("quota").description("how much disk the homes take");
  const commands = () => import("./commands/quota.ts");
  quota
    .command("scan <dir>")
    .description("measure each folder in <dir>, to the byte as du does; needs no sample hub")
    .option("--to <remote>:<path>", "send the report too: reports:<hub>")
    .action(async (dir: string, options: { to?: string }) =>
      end((await commands()).scanQuota(cli(), dir, options)),
    );
  quota
    .command("status")
    .description("the homes as the last scan left them, the largest first")
    .action(async () => end((await commands()).quotaStatus(cli())));
  addApprovals(quota, cli, end);
};

export const addBump: Add = (root, cli, end) => {
  const bump = root.command("bump").description("the hub's images, and moving them to a release");
  const commands = () => import("./commands/bump.ts");
  bump
    .command("preview")
    .description("print a file as it would be with its images on a tag; needs no sample hub")
    .requiredOption("--file <yaml>", 'the file; "-" reads stdin')
    .requiredOption("--tag <tag>", "where the images are to go")
    .option(
      "--image <name>",
      "an image, in any registry unless it names one; may be repeated (pangeo's three)",
      gather,
    )
    .option("--from <tag>", "only what is on this tag")
    .option("--moving", "also what is on a tag that moves by itself, such as latest")
    .action(async (options: PreviewOptions) => end((await commands()).previewBump(cli(), options)));
  bump
    .command("status")
    .description("where each hub's images stand, and how many releases behind")
    .action(async () => end((await commands()).bumpStatus(cli())));
  addApprovals(bump, cli, end);
};

const gather = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export const addTransfers: Add = (root, cli, end) => {
  const transfer = root
    .command("transfer")
    .description("copies between buckets, by machines that go away again");
  const commands = () => import("./commands/transfer.ts");
  const asking = () => import("./commands/transfer-request.ts");
  const asked = (word: string, what: string): Command =>
    transfer
      .command(word)
      .description(what)
      .requiredOption("--from <remote:path>", "what to copy")
      .requiredOption("--to <remote:path>", "where to")
      .option("--by <name>", "your name: it is shown as typed, not proved")
      .addOption(
        new Option(
          "--mode <mode>",
          "update replaces what differs at the target, sync deletes what it alone has too; both wait for approval",
        ).choices(["add", ...TransferMode.options]),
      )
      .option("--id <id>", "its name, to ask for the same one twice (one is made)");
  asked(
    "plan",
    "what a copy would do and cost, before anything is begun (exit 4: it would wait for approval)",
  ).action(async (options: PlanOptions) => end((await asking()).planTransfer(cli(), options)));
  asked("request", "ask for one; each end is <remote>:<path>, remotes by their names in the settings")
    .option("--wait", "until it has ended")
    .option("-n, --dry-run", "only say what it would do, as plan does")
    .action(async (options: RequestOptions) => end((await asking()).requestTransfer(cli(), options)));
  transfer
    .command("ls")
    .description("all of them, the newest first")
    .action(async () => end((await commands()).listTransfers(cli())));
  transfer
    .command("status <id>")
    .description("how it stands (exit 3: planned or still copying, 4: waits, or ended and is not complete)")
    .action(async (id: string) => end((await commands()).transferStatus(cli(), id)));
  transfer
    .command("cancel <id>")
    .description("delete its machines and leave it at that")
    .action(async (id: string) => end((await commands()).cancelTransfer(cli(), id)));
  addApprovals(transfer, cli, end);
  addReceipts(transfer, cli, end);
};

/** Adds what is asked of a transfer that has ended. */
function addReceipts(transfer: Command, cli: Parameters<Add>[1], end: Parameters<Add>[2]): void {
  transfer
    .command("receipt <id>")
    .description("what came of it: proofs, dollars, machines, and what did not arrive")
    .option("--lines <file>", "also save every object of it, packed: what verify reads, years later")
    .action(async (id: string, options: { lines?: string }) => {
      const { transferReceipt } = await import("./commands/transfer-receipt.ts");
      return end(transferReceipt(cli(), id, options));
    });
  transfer
    .command("logs <id>")
    .description("what happened to it, from records alone: also when its machines are gone")
    .action(async (id: string) => end((await import("./commands/transfer-logs.ts")).transferLogs(cli(), id)));
  transfer
    .command("verify <id>")
    .description("compare the target with the receipt again, by your own keys; exit 4: something differs")
    .option("--receipt <file>", "the saved lines, where the installation is gone")
    .option("--read", "read back what no sum tells, and what was proved by reading back")
    .action(async (id: string, options: VerifyOptions) => {
      const { verifyTransfer } = await import("./commands/transfer-verify.ts");
      return end(verifyTransfer(cli(), id, options));
    });
}

/** Adds `approve` and `reject` to a flow's commands. */
function addApprovals(flow: Command, cli: Parameters<Add>[1], end: Parameters<Add>[2]): void {
  for (const [word, what] of [
    ["approve", "let what is on hold go through"],
    ["reject", "do not let it go through; approving takes that back"],
  ] as const)
    addWord(flow, word, what, cli, end);
}

function addWord(
  flow: Command,
  word: "approve" | "reject" | "accept",
  what: string,
  cli: Parameters<Add>[1],
  end: Parameters<Add>[2],
): void {
  flow
    .command(`${word} <hash>`)
    .description(what)
    .option(
      "--only <about...>",
      "only these of its changes: a login, a directory, a release, or a change's hash",
    )
    .action(async (hash: string, options: { only?: string[] }) =>
      end((await import("./commands/plans.ts")).decidePlan(cli(), word, hash, options)),
    );
}
