import { unlessAborted } from '@invoicepress/stack/command';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkDeliveries, checkFeed } from './check-events.ts';
import { checkInvoices, checkWhole } from './checks.ts';
import { cellName, cellsFor, type Cell } from './cells.ts';
import { playFault } from './faults.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Options } from './options.ts';
import { dealAgain, type PlannedRound, type Schedule } from './schedule.ts';
import type { Site } from './site.ts';
import { replayRound, runWorkload } from './workload.ts';

const POLL_MS = 50;
const RESTART_MS = 60_000;
/** Longer than a request to a receiver and its record take. */
const QUIET_MS = 3_500;

export interface Outcome {
  schedule: Schedule;
  ledger: Ledger;
  /** By cell: how often it was dealt, and in which rounds it came to pass. */
  played: Map<string, { dealt: number; rounds: number[] }>;
  statuses: Map<string, number>;
  retried: number;
  orphans: number;
  seconds: number;
  /** The longest from healing to the last invoice of a round. */
  slowestSettlingMs: number;
}

/**
 * Runs a schedule on a site that nothing has been submitted to. @throws Error when the site cannot be talked to; what it
 * gets wrong is in the ledger
 */
export const runSchedule = async (
  site: Site,
  options: Options,
  schedule: Schedule,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<Outcome> => {
  const startedAt = performance.now();
  const outcome: Outcome = {
    schedule,
    ledger: createLedger(),
    played: new Map(),
    statuses: new Map(),
    retried: 0,
    orphans: 0,
    seconds: 0,
    slowestSettlingMs: 0,
  };
  site.receiver.listen(outcome.ledger);
  await unlessAborted(interrupted, runRounds(site, options, outcome, say, interrupted));
  outcome.seconds = (performance.now() - startedAt) / 1_000;
  return outcome;
};

const runRounds = async (
  site: Site,
  options: Options,
  outcome: Outcome,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<void> => {
  const { ledger, played, schedule } = outcome;
  const cells = new Map(cellsFor({ ...options, only: [] }).map((cell) => [cellName(cell), cell]));
  for (const round of schedule.rounds) {
    interrupted.throwIfAborted();
    const before = ledger.violations.length;
    const roundStartedAt = performance.now();
    const faults = round.faults.flatMap((plan) => {
      const cell = cells.get(plan.cell);
      return cell ? { plan, cell } : [];
    });
    const happened = await runRound(site, options, outcome, round, faults);
    for (const [i, { plan }] of faults.entries()) {
      const entry = played.get(plan.cell) ?? { dealt: 0, rounds: [] };
      entry.dealt += 1;
      if (happened[i]) entry.rounds.push(round.number);
      else dealAgain(schedule, options.rounds, plan);
      played.set(plan.cell, entry);
    }
    const names = faults.map(({ plan }, i) => (happened[i] ? plan.cell : `(${plan.cell})`)).join(' + ');
    const seconds = ((performance.now() - roundStartedAt) / 1_000).toFixed(1);
    const found = ledger.violations.slice(before);
    say(`round ${round.number} of ${schedule.rounds.length}: ${names}, ${seconds} s`);
    for (const { invariant, what } of found) say(`  ${invariant} violated: ${what}`);
  }
  await finish(site, outcome, options);
};

const runRound = async (
  site: Site,
  { boundSeconds }: Options,
  outcome: Outcome,
  { number, seed }: PlannedRound,
  faults: { plan: PlannedRound['faults'][number]; cell: Cell }[],
): Promise<boolean[]> => {
  const { ledger } = outcome;
  const boundMs = boundSeconds * 1_000;
  let healedAt = Infinity;
  const deadline = () => healedAt + boundMs;
  site.receiver.round = number;
  const begun = Promise.withResolvers<void>();
  const faultsPlayed = Promise.all(faults.map(({ cell, plan }) => playFault(site, cell, plan, begun.promise)));
  faultsPlayed.catch(() => {}); // heard of below
  const work = runWorkload(site, ledger, { round: number, seed, prefix: `r${number}` }, deadline);
  begun.resolve();
  const happened = await faultsPlayed;
  healedAt = Date.now();
  await comeBack(site, ledger, number, deadline());
  await work;
  await replayRound(site, ledger, number, deadline);

  const ids = ledger.requests.filter(({ round }) => round === number).flatMap((request) => request.ids);
  const open = await settle(site, ids, deadline());
  outcome.slowestSettlingMs = Math.max(outcome.slowestSettlingMs, Date.now() - healedAt);
  for (const id of ids) {
    const stuck = open.find((invoice) => invoice.id === id);
    const what = () => `${id} is still ${stuck?.status} ${boundSeconds} s after healing`;
    ledger.expect('I3', stuck === undefined, number, what);
  }
  outcome.retried += await retryFailed(site, ledger, ids, number, boundMs);
  await checkInvoices(site, ledger, await site.audit.read(ids));
  return happened;
};

/** A process that does not recover by itself is started again, as an orchestrator would when its patience ends. */
const comeBack = async ({ apis, workers }: Site, ledger: Ledger, round: number, deadline: number): Promise<void> => {
  await Promise.all(
    [...apis, ...workers].map(async (member) => {
      const ready = await member.ready(deadline);
      ledger.expect('I3', ready, round, () => `${member.name} did not recover by itself`);
      if (ready) return;
      member.kill();
      await member.ready(deadline + RESTART_MS);
    }),
  );
};

/** @returns what is not settled at the deadline */
const settle = async ({ audit }: Site, ids: string[], deadline: number) => {
  for (;;) {
    const open = await audit.unsettled(ids);
    if (open.length === 0 || Date.now() > deadline) return open;
    await sleep(POLL_MS);
  }
};

/** What failed while something was broken has to succeed now that nothing is. @returns how many there were */
const retryFailed = async (site: Site, ledger: Ledger, ids: string[], round: number, boundMs: number) => {
  const { invoices } = await site.audit.read(ids);
  const failed = invoices.filter(({ status }) => status === 'failed');
  for (const { id } of failed) {
    const request = ledger.requests.find((each) => each.ids.includes(id));
    await site.tenants[request?.tenant ?? 0]?.client.retryInvoice(id);
  }
  if (failed.length === 0) return 0;
  const retried = failed.map(({ id }) => id);
  const open = await settle(site, retried, Date.now() + boundMs);
  const { invoices: after } = await site.audit.read(retried);
  const lost = after.filter(({ status }) => status !== 'ready');
  const what = () => `${[...open, ...lost].map(({ id, status }) => `${id} is ${status}`).join(', ')} after a retry`;
  ledger.expect('I3', open.length + lost.length === 0, round, what);
  return failed.length;
};

/** What only the whole can show, once it has come to rest. */
const finish = async (site: Site, outcome: Outcome, { boundSeconds }: Options): Promise<void> => {
  const { ledger, statuses } = outcome;
  const deadline = Date.now() + boundSeconds * 1_000;
  while ((await site.audit.unplaced()) > 0 && Date.now() < deadline) await sleep(POLL_MS);
  await deliverAll(site, deadline);
  const found = await site.audit.read();
  await checkInvoices(site, ledger, found);
  outcome.orphans = (await checkWhole(site, ledger, found)).orphans;
  await checkFeed(site, ledger, found);
  checkDeliveries(site, ledger, found, guiltlessRounds(outcome));
  for (const { status } of found.invoices) statuses.set(status, (statuses.get(status) ?? 0) + 1);
};

/** Waits until every webhook is delivered. What waits for its next attempt need not wait for hours. */
const deliverAll = async ({ audit, receiver }: Site, deadline: number): Promise<void> => {
  let quietSince = Date.now();
  let seen = receiver.receipts.length;
  while ((await audit.undelivered()) > 0 && Date.now() < deadline) {
    if (receiver.receipts.length > seen) [seen, quietSince] = [receiver.receipts.length, Date.now()];
    if (Date.now() - quietSince > QUIET_MS) {
      await audit.hastenDeliveries();
      quietSince = Date.now();
    }
    await sleep(POLL_MS);
  }
  await receiver.settled();
};

/** Rounds in which, and after which, nothing befell the senders of webhooks or what they write to: receipts are recorded. */
const guiltlessRounds = ({ schedule }: Outcome): Set<number> => {
  const innocent = /^(kill API|freeze API|storage|API clock|clients|receiver (fails|hangs|redirects))/;
  const isGuiltless = schedule.rounds.map(({ faults }) => faults.every(({ cell }) => innocent.test(cell)));
  const numbers = schedule.rounds.map(({ number }) => number);
  // What arrives at the end of a round may be written down when the next one has begun.
  return new Set(numbers.filter((_, i) => isGuiltless[i] && (isGuiltless[i + 1] ?? true)));
};
