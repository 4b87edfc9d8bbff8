import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Proxy extends AsyncDisposable {
  port: number;
  /** Refuses and drops all connections, as a server that is down. */
  cut(): void;
  /** Keeps connections and passes nothing on, as a server that is frozen. */
  freeze(): void;
  restore(): void;
}

/** A TCP proxy on loopback that stands in for the network between us and a server. */
export const openProxy = async (host: string, port: number, state: 'up' | 'cut' = 'up'): Promise<Proxy> => {
  let mode: 'up' | 'cut' | 'frozen' = state;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (mode === 'cut') return void client.destroy();
    const upstream = connect(port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      if (mode === 'frozen') from.pause();
      from.on('data', (bytes) => void to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dropAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      mode = 'cut';
      dropAll();
    },
    freeze: () => {
      mode = 'frozen';
      sockets.forEach((socket) => socket.pause());
    },
    restore: () => {
      mode = 'up';
      dropAll();
    },
    [Symbol.asyncDispose]: async () => {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
