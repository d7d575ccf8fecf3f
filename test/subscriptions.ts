// Subscriptions to what a process tells of its requests. A function, which has one process, keeps them for ever; the processes of the tests
// have hundreds of files, and each would keep all of its context, and be told of every request of the files after it.
import channels from "node:diagnostics_channel";

/** Makes every subscription from here on end with the test file that made it: by the function that it gives. */
export function endSubscriptions(): () => void {
  const { subscribe } = channels;
  const made: Parameters<typeof subscribe>[] = [];
  channels.subscribe = (...subscription) => {
    made.push(subscription);
    subscribe(...subscription);
  };
  return () => {
    for (const subscription of made.splice(0)) channels.unsubscribe(...subscription);
  };
}
