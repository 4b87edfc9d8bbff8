import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `unavailable`: 503. `slow`: answers after the deadline. `resets`: breaks off midway, half the time after storing.
 * `lies`: 200, and nothing is stored. `corrupts`: a byte changes on the way.
 */
export type StorageMode = 'up' | 'unavailable' | 'slow' | 'resets' | 'lies' | 'corrupts';

export interface StorageProxy extends AsyncDisposable {
  endpoint: string;
  set(mode: StorageMode): void;
  /** Requests that have suffered since the mode was set. */
  suffered(): number;
}

/** An HTTP proxy in front of the S3 server. The Host header, which signatures cover, passes as it is. */
export const openStorageProxy = async (endpoint: string, slowMs: number): Promise<StorageProxy> => {
  let mode: StorageMode = 'up';
  let suffered = 0;
  const server = createServer((req, res) => {
    req.on('error', () => {});
    res.on('error', () => {});
    handle(req, res).catch(() => res.destroy());
  });

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const current = mode;
    const body = await bodyOf(req);
    const isPut = req.method === 'PUT';
    if (current !== 'up' && (isPut || (current !== 'lies' && current !== 'corrupts'))) suffered += 1;
    if (current === 'unavailable') return void res.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    if (current === 'lies' && isPut) return void res.writeHead(200, { etag: '"0"' }).end();
    if (current === 'slow') await sleep(slowMs);
    if (current === 'resets' && isPut && suffered % 2 === 1) return void req.socket.resetAndDestroy();
    if (current === 'corrupts' && isPut && body.length > 0) body.writeUInt8(body.readUInt8(0) ^ 1, 0);
    await pass(endpoint, req, body, res, current === 'resets');
  };

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next) => {
      mode = next;
      if (next !== 'up') suffered = 0;
    },
    suffered: () => suffered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const pass = async (endpoint: string, req: IncomingMessage, body: Buffer, res: ServerResponse, breaksOff: boolean) => {
  const { method, url } = req;
  const { expect: _, ...headers } = req.headers;
  const asked = request(new URL(url ?? '/', endpoint), { method, headers });
  const answered = once(asked, 'response');
  asked.end(body);
  const [answer] = (await answered) as [IncomingMessage];
  const bytes = await bodyOf(answer);
  res.writeHead(answer.statusCode ?? 502, answer.headers);
  if (!breaksOff) return void res.end(bytes);
  res.write(bytes.subarray(0, bytes.length / 2));
  req.socket.resetAndDestroy();
};
