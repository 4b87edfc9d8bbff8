import { Writable } from 'node:stream';

export interface CapturedLog {
  destination: Writable;
  /** Everything that was logged so far. */
  text(): string;
  /** The lines of one event. */
  lines(event: string): Record<string, unknown>[];
}

export const capturedLog = (): CapturedLog => {
  let text = '';
  return {
    destination: new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString('utf8');
        done();
      },
    }),
    text: () => text,
    lines: (event) =>
      text
        .split('\n')
        .filter((line) => line.includes(event))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line.event === event),
  };
};
