import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { someSettings } from './settings.ts';

/** A server in place of S3 on which a fault is injected; it counts the connections or requests that reach it. */
export interface FaultyServer extends AsyncDisposable {
  settings: ReturnType<typeof someSettings>;
  reached(): number;
}

/** Accepts connections and does as told with them (nothing, or reset). */
export const faultyTcpServer = (onConnection: (socket: Socket) => void): Promise<FaultyServer> => {
  let reached = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    reached += 1;
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  return listening(
    server,
    () => reached,
    () => sockets.forEach((socket) => socket.destroy()),
  );
};

/** Speaks HTTP, and answers as told. */
export const faultyHttpServer = (onRequest: RequestListener): Promise<FaultyServer> => {
  let reached = 0;
  const server = createHttpServer((req, res) => {
    reached += 1;
    req.resume();
    onRequest(req, res);
  });
  return listening(
    server,
    () => reached,
    () => server.closeAllConnections(),
  );
};

const listening = async (
  server: Server,
  reached: () => number,
  closeConnections: () => void,
): Promise<FaultyServer> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = encodeURIComponent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const settings = someSettings({
    STORAGE_URL: `s3://bucket?region=us-east-1&forcePathStyle=true&endpoint=${endpoint}`,
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
    STORAGE_TIMEOUT_MS: '400',
    STORAGE_BREAKER_MINIMUM_CALLS: '4',
  });
  return {
    settings,
    reached,
    [Symbol.asyncDispose]: async () => {
      closeConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
