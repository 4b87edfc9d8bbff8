/** One block of a text/event-stream, as far as our API uses the format. */
export interface ServerSentEvent {
  id?: string;
  data?: string;
}

/** Characters of one block; an event of ours has about 500. */
const MAX_BLOCK_CHARACTERS = 1_000_000;

/**
 * Parses a text/event-stream (WHATWG HTML, 9.2.6) piece by piece. A block is handed out once it is whole; what breaks
 * off in the middle of one is dropped.
 * @throws when a block has no end
 */
export const createEventParser = () => {
  const decoder = new TextDecoder();
  let rest = '';
  let block: ServerSentEvent = {};

  const take = (line: string): ServerSentEvent | undefined => {
    if (line === '') {
      const whole = block;
      block = {};
      return Object.keys(whole).length > 0 ? whole : undefined;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'id') block.id = value;
    if (field === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
    return undefined;
  };

  return (bytes: Uint8Array): ServerSentEvent[] => {
    rest += decoder.decode(bytes, { stream: true });
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length + (block.data?.length ?? 0) > MAX_BLOCK_CHARACTERS)
      throw new Error('the stream has an event that is too long');
    return lines.flatMap((line) => take(line) ?? []);
  };
};
