// The text of an answer that comes from others, read up to a limit that its reader names: nobody's answer fills our memory.

/** Gives the text of an answer; undefined where it is longer than `maximumBytes`, and the rest is left unread. Throws where it breaks off. */
export async function boundedText(answer: Response, maximumBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream, and with it the connection.
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > maximumBytes) return undefined;
    chunks.push(chunk);
  }
  // Joins the bytes first: a text put together from pieces would be twice in memory.
  return new TextDecoder().decode(Buffer.concat(chunks, bytes));
}
