/** However many invoices a worker has in hand. */
const MOST_TOGETHER = 12;

/** Of the invoices in hand half may wait for each other, while the renderers work on the other half. */
export const lotSize = (concurrency: number): number =>
  Math.max(1, Math.min(MOST_TOGETHER, Math.floor(concurrency / 2)));

export interface LotLimits {
  /** Orders in one lot. */
  most: number;
  /** Milliseconds at most that an order waits for others that are expected. */
  waitMs: number;
}

export interface Lots<Order, Outcome> {
  /** @throws the Error that `work` has for this order, or what it threw for it alone */
  add(tenantId: string, order: Order): Promise<Outcome>;
  /** Keeps a place for an order to come, for which others wait a little. */
  expect(tenantId: string): Place<Order, Outcome>;
}

/** Given up when it is disposed and was not taken. */
export interface Place<Order, Outcome> extends Disposable {
  take(order: Order): Promise<Outcome>;
}

interface Lot<Order, Outcome> {
  orders: Order[];
  outcomes: PromiseWithResolvers<Outcome>[];
  /** The last place that was kept when it began: it waits for none that came later. */
  lastAwaited: number;
  timer: NodeJS.Timeout;
}

/**
 * Gathers what is to be done for invoices of one tenant and does it for several at a time, so that a statement, a sync
 * to disk and the switches between processes are paid once. A lot leaves when it is full, when no order is left of those
 * that were expected as it began, or when its first has waited long enough: an invoice alone waits for nothing, one among
 * few for little, and no tenant for another.
 * @param work an outcome for each order, an Error for one that failed. When it throws, each order is done alone, so that
 * one that cannot be done takes no other along: doing it again must be harmless
 */
export const createLots = <Order, Outcome>(
  { most, waitMs }: LotLimits,
  work: (tenantId: string, orders: Order[]) => Promise<(Outcome | Error)[]>,
): Lots<Order, Outcome> => {
  const open = new Map<string, Lot<Order, Outcome>>();
  /** Numbers of the places that are kept, from the oldest. */
  const expected = new Map<string, Set<number>>();
  let lastPlace = 0;

  const start = (tenantId: string): Lot<Order, Outcome> => {
    const timer = setTimeout(() => leave(tenantId, lot), waitMs);
    const lot: Lot<Order, Outcome> = { orders: [], outcomes: [], lastAwaited: lastPlace, timer };
    open.set(tenantId, lot);
    return lot;
  };
  const leave = (tenantId: string, lot: Lot<Order, Outcome>): void => {
    if (open.get(tenantId) !== lot) return; // it has left
    open.delete(tenantId);
    clearTimeout(lot.timer);
    void carryOut(tenantId, lot);
  };
  const leaveUnlessAwaiting = (tenantId: string): void => {
    const lot = open.get(tenantId);
    if (!lot) return;
    const [oldest = Infinity] = expected.get(tenantId) ?? [];
    if (lot.orders.length === most) leave(tenantId, lot);
    else if (oldest > lot.lastAwaited) setImmediate(leave, tenantId, lot); // others may come in this very turn
  };
  const carryOut = async (tenantId: string, { orders, outcomes }: Pick<Lot<Order, Outcome>, 'orders' | 'outcomes'>) => {
    try {
      const done = await work(tenantId, orders);
      for (const [index, { resolve, reject }] of outcomes.entries()) {
        const outcome = done[index];
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome as Outcome);
      }
    } catch (error) {
      if (orders.length === 1) return outcomes[0]?.reject(error);
      for (const [index, order] of orders.entries())
        void carryOut(tenantId, { orders: [order], outcomes: outcomes.slice(index, index + 1) });
    }
  };

  const add = (tenantId: string, order: Order): Promise<Outcome> => {
    const lot = open.get(tenantId) ?? start(tenantId);
    const outcome = Promise.withResolvers<Outcome>();
    lot.orders.push(order);
    lot.outcomes.push(outcome);
    leaveUnlessAwaiting(tenantId);
    return outcome.promise;
  };
  const expect = (tenantId: string): Place<Order, Outcome> => {
    const places = expected.get(tenantId) ?? new Set();
    const place = ++lastPlace;
    expected.set(tenantId, places.add(place));
    const giveUp = () => {
      if (places.delete(place) && places.size === 0) expected.delete(tenantId);
    };
    return {
      take(order) {
        giveUp();
        return add(tenantId, order);
      },
      [Symbol.dispose]() {
        giveUp();
        leaveUnlessAwaiting(tenantId);
      },
    };
  };
  return { add, expect };
};
