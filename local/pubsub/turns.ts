// Group commit: what is asked for within one turn of the event loop is written in one transaction, and nobody is answered
// before COMMIT. A refusal is one caller's alone; a failure of the store itself undoes the turn and fails all of it.
import { type State, transaction } from "../wire/state.ts";
import { isRefusal, refusal } from "./refusal.ts";

/** Real milliseconds after which what the store did not take is tried once more: whoever makes room does not say so. */
export const retryMilliseconds = 1000;

export type Turns = {
  /** Runs `work` in this turn's transaction. It refuses by throwing before its first write. */
  run: <T>(work: () => T) => Promise<T>;
  /** Nothing waits to be written. */
  quiet: () => boolean;
  close: () => void;
};

type Waiting = { work: () => unknown; done: (value: unknown) => void; failed: (error: unknown) => void };

export function turns(options: {
  state: State;
  /** Joins each transaction at its end; what it returns is called after COMMIT. */
  closing: () => () => void;
  undone: () => void;
  /** Called when a turn is over and everybody was answered. */
  over: () => void;
}): Turns {
  const { state, closing, undone, over } = options;
  let waiting: Waiting[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  function again(): void {
    retry = undefined;
    scheduled ??= setImmediate(turn);
  }

  function turn(): void {
    scheduled = undefined;
    const batch = waiting;
    waiting = [];
    const answers: (() => void)[] = [];
    try {
      const afterCommit = transaction(state, () => {
        for (const one of batch) answers.push(attempt(one));
        return closing();
      });
      for (const answer of answers) answer();
      afterCommit();
    } catch (error) {
      undone();
      // Hands out later what is due now: nobody else may come by.
      retry ??= setTimeout(again, retryMilliseconds).unref();
      const why = refusal("UNAVAILABLE", "The far end could not store this; try again.");
      for (const { failed } of batch) failed(Object.assign(why, { cause: error }));
    }
    over();
  }

  return {
    run<T>(work: () => T): Promise<T> {
      if (closed) return Promise.reject(refusal("UNAVAILABLE", "The far end is shutting down."));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, done: (value) => resolve(value as T), failed: reject });
        scheduled ??= setImmediate(turn);
      });
    },
    quiet: () => waiting.length === 0,
    close() {
      closed = true;
      clearTimeout(retry);
      if (scheduled !== undefined) clearImmediate(scheduled);
      const why = refusal("UNAVAILABLE", "The far end is shutting down.");
      for (const { failed } of waiting) failed(why);
      waiting = [];
    },
  };
}

function attempt({ work, done, failed }: Waiting): () => void {
  try {
    const value = work();
    return () => done(value);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return () => failed(error);
  }
}
