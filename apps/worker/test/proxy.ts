import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy extends AsyncDisposable {
  /** "127.0.0.1:port" */
  host: string;
  /** Refuses connections, and drops those that are open: a server that is down. */
  cut(): void;
  /** Takes connections and answers nothing: a server that hangs. */
  hang(): void;
  restore(): void;
}

/** A TCP proxy on loopback in front of a real server, whose outages it plays. */
export const openProxy = async ({ hostname, port }: URL): Promise<Proxy> => {
  let state: 'up' | 'cut' | 'hanging' = 'up';
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) =>
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
  const server = createServer((client) => {
    keep(client);
    if (state === 'cut') return void client.destroy();
    if (state === 'hanging') return void client.resume();
    const upstream = connect(Number(port), hostname);
    keep(upstream);
    client.pipe(upstream).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const become = (next: typeof state) => {
    state = next;
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => become('cut'),
    hang: () => become('hanging'),
    restore: () => become('up'),
    async [Symbol.asyncDispose]() {
      become('cut');
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
