import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * `cut`: refused and dropped. `blackhole`: taken, and nothing ever arrives. `half-open`: the far end forgets the
 * connections that are open, and the near end does not hear of it; new ones work. `slow`: every chunk waits.
 */
export type LinkMode = 'up' | 'cut' | 'blackhole' | 'half-open' | 'slow';

const SLOW_MS = 150;

export interface Link extends AsyncDisposable {
  port: number;
  /** What was broken stays broken for the connections of before: they are dropped when the link is up again. */
  set(mode: LinkMode): void;
  /** Connections and chunks that have suffered since the mode was set. */
  suffered(): number;
}

interface Pair {
  near: Socket;
  far: Socket | undefined;
  /** Nothing travels here any more, and nobody says so. */
  dead: boolean;
  /** Stays after healing, until the near end notices by itself. */
  forgotten: boolean;
}

/** A TCP proxy on loopback whose outages are played. With several targets each connection takes the next that answers. */
export const openLink = async (targets: number[]): Promise<Link> => {
  let mode: LinkMode = 'up';
  let suffered = 0;
  let turn = 0;
  const pairs = new Set<Pair>();

  const forward = (pair: Pair, from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      if (pair.dead) return void (suffered += 1);
      const write = () => {
        if (pair.dead || to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      };
      if (mode !== 'slow') return write();
      suffered += 1;
      setTimeout(write, SLOW_MS);
    });
    from.once('end', () => !pair.dead && to.end());
    from.once('close', () => !pair.dead && to.destroy());
  };

  const reach = (pair: Pair, attempt: number): void => {
    const far = connect(targets[(turn + attempt) % targets.length] ?? 0, '127.0.0.1').setNoDelay(true);
    pair.far = far;
    far.once('connect', () => {
      far.removeAllListeners('error').on('error', () => {});
      forward(pair, pair.near, far);
      forward(pair, far, pair.near);
      pair.near.resume();
    });
    far.once('error', () => {
      if (attempt + 1 < targets.length && !pair.near.destroyed) reach(pair, attempt + 1);
      else pair.near.destroy();
    });
  };

  const server = createServer({ pauseOnConnect: true, noDelay: true }, (near) => {
    const pair: Pair = { near, far: undefined, dead: false, forgotten: false };
    pairs.add(pair);
    near.on('error', () => {});
    near.once('close', () => {
      pairs.delete(pair);
      pair.far?.destroy();
    });
    if (mode === 'cut') {
      suffered += 1;
      return void near.resetAndDestroy();
    }
    if (mode === 'blackhole') {
      suffered += 1;
      pair.dead = true;
      return void near.resume();
    }
    turn += 1;
    reach(pair, 0);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  const breakOff = (pair: Pair): void => {
    suffered += 1;
    if (mode === 'cut') return void pair.near.destroy();
    pair.dead = true;
    pair.forgotten = mode === 'half-open';
    if (pair.forgotten) pair.far?.destroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      mode = next;
      if (next === 'up') for (const { near, dead, forgotten } of pairs) if (dead && !forgotten) near.destroy();
      if (next === 'up') return;
      suffered = 0;
      if (next !== 'slow') for (const pair of pairs) breakOff(pair);
    },
    suffered: () => suffered,
    async [Symbol.asyncDispose]() {
      for (const { near } of pairs) near.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
