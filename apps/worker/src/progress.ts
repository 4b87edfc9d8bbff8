export interface Progress<Order, Outcome> {
  work: (order: Order) => Promise<Outcome>;
  /** Milliseconds since it last began or ended something. */
  quietMs(): number;
}

/** The same work, watched: a process that is alive, but neither begins nor ends anything, is of no use to anybody. */
export const watchProgress = <Order, Outcome>(
  work: (order: Order) => Promise<Outcome>,
  now: () => number = () => performance.now(),
): Progress<Order, Outcome> => {
  let since = now();
  const note = () => {
    since = now();
  };
  return {
    work: async (order) => {
      note();
      try {
        return await work(order);
      } finally {
        note();
      }
    },
    quietMs: () => now() - since,
  };
};

/** @throws {Error} for /readyz, when invoices have waited for `limitMs` and nothing was begun or ended all the while */
export const assertProgress = (
  { waiting, oldestWaitingSeconds }: { waiting: number; oldestWaitingSeconds: number },
  quietMs: number,
  limitMs: number,
): void => {
  if (waiting === 0 || Math.min(oldestWaitingSeconds * 1_000, quietMs) <= limitMs) return;
  throw new Error(
    `${waiting} invoices wait, and nothing was begun or ended here for ${Math.round(quietMs / 1_000)} s; restart this worker`,
  );
};
