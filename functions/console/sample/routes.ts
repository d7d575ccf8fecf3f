// The addresses of the sample hub's page: looking at it, and turning its switches. A deployment has none of them.
import { parseDuration } from "../../../shared/duration.ts";
import { explained } from "../frame/frame.ts";
import { isRefusal, type Refusal, refuse } from "../http/refusal.ts";
import { type C, type Form, type Routes, to } from "../http/routes.ts";
import { lookAtSample, readMail, turn } from "./hub.ts";
import { type Done, mailPage, samplePage } from "./page.ts";

export function samplePages({ app, context, view, show, form, answer }: Routes): void {
  const { world } = context;
  if (world === undefined) return;

  const page = async (c: C, typed: Form = {}, refused?: Refusal): Promise<Response> => {
    const from = Math.max(0, Math.floor(Number(c.req.query("from"))) || 0);
    const look = await lookAtSample(world, from);
    if (isRefusal(look)) return answer(c, look);
    const states = await context.states.all();
    const rejected = Object.fromEntries(
      [...states].map(([hub, state]) => [hub, "unreadable" in state ? [] : state.rejected]),
    );
    const problem = refused === undefined ? undefined : explained(refused.explanation);
    const main = samplePage(view(c), { look, rejected, typed, problem, said: c.req.query("said") });
    return show(c, main, refused === undefined ? 200 : 422);
  };

  app.get("/sample", (c) => page(c));
  app.get("/sample/mails/:file", async (c) => {
    const mail = await readMail(world, c.req.param("file"));
    return isRefusal(mail) ? answer(c, mail) : show(c, mailPage(mail));
  });

  /** A form that turns one switch, and comes back to its part of the page. */
  const switches = (
    path: string,
    said: Done,
    act: (fields: Form) => Promise<{ said: string } | Refusal>,
    part: (fields: Form) => string = () => said,
  ) =>
    form(path, async (c, fields) => {
      const done = await act(fields);
      return isRefusal(done) ? page(c, fields, done) : to(c, `/sample?said=${said}#${part(fields)}`);
    });

  switches("/sample/clock", "clock", async ({ span = "" }) => {
    const milliseconds = parseDuration(span.trim());
    if (milliseconds === undefined || milliseconds === 0) return noSpan;
    return turn(world, "POST", "/clock", { moveSeconds: milliseconds / 1000 });
  });
  switches("/sample/faults", "faults", async (fields) => {
    const fault = faultOf(fields);
    return isRefusal(fault) ? fault : turn(world, "POST", "/faults", fault);
  });
  switches("/sample/faults/clear", "cleared", () => turn(world, "DELETE", "/faults"));
  switches("/sample/weather", "weather", async ({ name = "", span = "", behind = "" }) => {
    const spans = { forSeconds: span.trim(), behindSeconds: behind.trim() };
    const given = Object.entries(spans).filter(([, text]) => text !== "");
    const dials = given.map(([dial, text]) => [dial, (parseDuration(text) ?? 0) / 1000] as const);
    if (dials.some(([, seconds]) => seconds === 0)) return noLength;
    return turn(world, "POST", "/weather", { name, ...Object.fromEntries(dials) });
  });
  switches(
    "/sample/weather/clear",
    "calm",
    () => turn(world, "DELETE", "/weather"),
    () => "weather",
  );
  switches(
    "/sample/accept",
    "accepted",
    ({ hub = "", login = "" }) => turn(world, "POST", "/accept", { hub, login }),
    ({ hub = "" }) => `organisation-${encodeURIComponent(hub)}`,
  );
}

/** Gives what a person filled in, as the switch takes it. Numbers that are none are named here. */
function faultOf({ farEnd = "", kind = "", match = "", ...fields }: Form): object | Refusal {
  const whole = (name: "status" | "at" | "times"): number | undefined =>
    fields[name] === undefined || fields[name].trim() === "" ? undefined : Number(fields[name]);
  const [at, times] = [whole("at"), whole("times")];
  const rest = {
    farEnd,
    ...(match.trim() === "" ? {} : { match: match.trim() }),
    ...(at === undefined ? {} : { at }),
    ...(times === undefined ? {} : { times }),
  };
  if ([at, times].some((number) => number !== undefined && !Number.isInteger(number))) return noNumber;
  if (kind === "delay") {
    const milliseconds = parseDuration((fields["delay"] ?? "").trim());
    return milliseconds === undefined || milliseconds === 0
      ? noDelay
      : { ...rest, failure: { kind, milliseconds } };
  }
  if (kind !== "status") return { ...rest, failure: { kind } };
  const status = whole("status");
  return status === undefined || !Number.isInteger(status) || status < 400 || status > 599
    ? noStatus
    : { ...rest, failure: { kind, status } };
}

const broken = "nothing was made to fail";
const noSpan = refuse(
  422,
  "the clock was not moved",
  "it is no span of time, and time moves forward only",
  "for example 90s, 20m, 6h or 1d12h",
);
const noLength = refuse(422, "the weather did not change", "it is no span of time", "for example 40m or 2h");
const noDelay = refuse(422, broken, "the delay is missing or no span of time", "for example 500ms or 20s");
const noStatus = refuse(
  422,
  broken,
  "the status is missing or wrong",
  "give one from 400 to 599, for example 503",
);
const noNumber = refuse(
  422,
  broken,
  "the call and the number of times are whole numbers",
  "leave them empty for 1",
);
