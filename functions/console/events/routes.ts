// The addresses of Events: looking, and sending one as it is or edited; on a sample hub also twice, late or not at all.
import type { SampleEvent } from "../../../shared/control.ts";
import { parseDuration } from "../../../shared/duration.ts";
import { jsonOf } from "../../../shared/json.ts";
import { explained } from "../frame/frame.ts";
import { notJson } from "../http/query.ts";
import { isRefusal, type Refusal, refuse } from "../http/refusal.ts";
import { type C, type Form, type Routes, to } from "../http/routes.ts";
import { findRuns, readRun, recentEvents } from "../runs/runs.ts";
import { lateEventsOf, turn } from "../sample/hub.ts";
import { eventsPage, lostPage, sendPage } from "./page.ts";
import { healers, sampleEvents } from "./samples.ts";
import { checkMade } from "./send.ts";

const shown = 40;

export function eventPages({ app, context, view, show, form, answer }: Routes): void {
  const samplesFor = (hub: string | undefined): SampleEvent[] => {
    const hubs = Object.keys(context.settings.hubs);
    return sampleEvents(hubs.find((each) => each === hub) ?? hubs[0] ?? "", context.settings, context.now());
  };

  app.get("/events", async (c) => {
    const [events, late] = await Promise.all([
      recentEvents(context, shown),
      context.world === undefined ? [] : lateEventsOf(context.world),
    ]);
    const hub = c.req.query("hub");
    const hubs = Object.keys(context.settings.hubs);
    return show(
      c,
      eventsPage(view(c), { events, late, samples: samplesFor(hub), hubs, hub: hub ?? hubs[0] ?? "" }),
    );
  });

  app.get("/events/send", async (c) => {
    const start = await startOf(c);
    if (isRefusal(start)) return answer(c, start);
    return show(c, sendPage(view(c), { topic: start.topic, text: JSON.stringify(start.payload, null, 2) }));
  });

  /** The sample or the sent event that a person wishes to begin with. */
  async function startOf(c: C): Promise<Pick<SampleEvent, "topic" | "payload"> | Refusal> {
    const { message, topic, name, hub } = c.req.query();
    if (message === undefined)
      return samplesFor(hub).find((each) => each.topic === topic && each.name === name) ?? noSample;
    const [line] = (await findRuns(context, { message, limit: 1 })).runs;
    const run = line === undefined ? noSample : await readRun(context, line.id);
    return isRefusal(run) ? run : { topic: run.event, payload: run.payload };
  }

  form("/events/send", async (c, fields) => {
    const done = await sendAs(fields);
    if (!isRefusal(done)) return "goTo" in done ? to(c, done.goTo) : show(c, lostPage(done));
    const { topic = "", payload: text = "", after = "" } = fields;
    // Gives back what was typed, with what is wrong about it.
    return show(c, sendPage(view(c), { topic, text, after, problem: explained(done.explanation) }), 422);
  });

  /** Gives the address to go on at, or what heals the loss. */
  async function sendAs({ topic = "", payload: text = "", how = "once", after = "" }: Form) {
    const payload = jsonOf(text);
    if (payload === undefined) return notJson(what);
    const event = await checkMade(topic, payload, context);
    if (isRefusal(event)) return event;
    if (how !== "once" && context.world === undefined) return onlySample;
    switch (how) {
      case "twice": {
        const first = await context.publish(event.topic, event.event);
        const second = await context.publish(event.topic, event.event);
        return { goTo: `/messages/${first},${second}` };
      }
      case "late": {
        const milliseconds = parseDuration(after.trim());
        if (milliseconds === undefined || milliseconds === 0) return noSpan;
        const late = { topic, payload: event.event, afterSeconds: milliseconds / 1000 };
        const kept =
          context.world === undefined ? onlySample : await turn(context.world, "POST", "/late", late);
        return isRefusal(kept) ? kept : { goTo: "/events" };
      }
      case "lost":
        return { topic: event.topic, healers: healers(event.topic, context.settings) };
      default:
        return { goTo: `/messages/${await context.publish(event.topic, event.event)}` };
    }
  }
}

const what = "the event was not sent";
const noSpan = refuse(422, what, "how late: it is no span of time", "for example 90s, 20m, 6h or 1d12h");
const onlySample = refuse(422, what, "this is no sample hub", "send it once, as it is");
const noSample = refuse(404, "there is no such event", "no sample and no run has it", "choose one in Events");
