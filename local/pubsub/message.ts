// Messages, and the limits of what a publisher may send (https://cloud.google.com/pubsub/quotas#resource_limits).
import type { Attributes } from "./filter.ts";
import { refusal } from "./refusal.ts";

export type NewMessage = { data: Uint8Array; attributes: Attributes; orderingKey: string };
export type Message = NewMessage & { id: number; publishedAt: number };

/** The most that one message, and one publish request, may hold. */
export const maxPublishBytes = 10_000_000;

const limits = { messages: 1000, attributes: 100, keyBytes: 256, valueBytes: 1024, orderingKeyBytes: 1024 };

export function checkMessages(messages: readonly NewMessage[]): void {
  if (messages.length === 0)
    throw invalid("The value for message_count is too small. It must be at least 1.");
  if (messages.length > limits.messages)
    throw invalid(`The value for message_count is too large: at most ${limits.messages}.`);
  const [first] = messages;
  let bytes = 0;
  for (const message of messages) {
    bytes += checkMessage(message);
    if (message.orderingKey !== first?.orderingKey)
      throw invalid("All messages of one request must have the same ordering key.");
  }
  if (bytes > maxPublishBytes) throw invalid(`A request must not exceed ${maxPublishBytes} bytes.`);
}

function checkMessage(message: NewMessage): number {
  const attributes = Object.entries(message.attributes);
  if (message.data.length === 0 && attributes.length === 0)
    throw invalid("Some messages in the batch are empty: a message needs data or an attribute.");
  if (attributes.length > limits.attributes)
    throw invalid(`A message must not have more than ${limits.attributes} attributes.`);
  let bytes = message.data.length;
  for (const [key, value] of attributes) {
    if (key === "" || Buffer.byteLength(key) > limits.keyBytes)
      throw invalid(`An attribute's key must have 1 to ${limits.keyBytes} bytes.`);
    if (key.startsWith("goog")) throw invalid("An attribute's key must not begin with goog.");
    if (Buffer.byteLength(value) > limits.valueBytes)
      throw invalid(`An attribute's value must not exceed ${limits.valueBytes} bytes.`);
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (Buffer.byteLength(message.orderingKey) > limits.orderingKeyBytes)
    throw invalid(`An ordering key must not exceed ${limits.orderingKeyBytes} bytes.`);
  return bytes;
}

const invalid = (why: string) => refusal("INVALID_ARGUMENT", why);
