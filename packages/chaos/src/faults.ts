import { setTimeout as sleep } from 'node:timers/promises';
import type { Cell, Deed } from './cells.ts';
import type { Member } from './processes.ts';
import type { PlannedFault } from './schedule.ts';
import { LEASE_MS, type Site } from './site.ts';

/** Frozen for longer than a lease, so that another takes over. */
const FREEZE_MS = LEASE_MS + 600;
/** What is to happen at a step, or to somebody, happens by then or not at all. */
const CHANCE_MS = 5_000;
/** Another fault of the same round may hold the steps up. */
const STEP_CHANCE_MS = 8_000;
const POLL_MS = 10;
/** Enough to finish an attempt. */
const OVERTAKEN_MS = 600;
const HOUR_MS = 3_600_000;
/** Enough to come through a whole attempt with a clock that is off. */
const SHIFTED_MS = 3_000;
/** Enough for no command to fit. */
const FULL_BYTES = 1;

/**
 * Plays one fault from its moment until it is healed. Called before the first request, which comes when `begun`
 * resolves. @returns whether it came to pass
 */
export const playFault = async (site: Site, cell: Cell, plan: PlannedFault, begun: Promise<void>): Promise<boolean> => {
  const { deed } = cell;
  if (deed.kind === 'step') return playStep(site, deed, plan, begun);
  if (deed.kind === 'clock' || cell.phase === 'submitting') return play(site, deed, plan);
  await begun;
  if (cell.phase === 'any') await sleep(plan.atMs);
  else if (!(await site.steps.next('claimed', AbortSignal.timeout(CHANCE_MS)))) return false;
  return play(site, deed, plan);
};

const playStep = async (
  site: Site,
  { group, step, action, needsSweeper = false, overtaken = false }: Extract<Deed, { kind: 'step' }>,
  { skip }: PlannedFault,
  begun: Promise<void>,
): Promise<boolean> => {
  const members = site[group];
  // Of workers only one stays frozen, so that another can take over.
  const one = action === 'stop' && group === 'workers' && !needsSweeper;
  const before = members.map((member) => member.ended() + member.acted());
  // What cannot be enqueued is left to the sweeper.
  if (needsSweeper) site.links.apiQueue.set('cut');
  for (const member of members) member.send({ order: 'arm', step, action, skip: needsSweeper ? 0 : skip });
  await begun;
  const hit = () =>
    members.find((member, i) => member.isFrozen() || member.ended() + member.acted() > (before[i] ?? 0));
  await until(() => hit() !== undefined, STEP_CHANCE_MS);
  const first = hit();
  for (const member of members) member.send({ order: 'disarm' });
  if (needsSweeper) site.links.apiQueue.set('up');
  if (one) await disarm(members.filter((member) => member !== first));
  if (overtaken) await overtake(site, first);
  else if (first && action === 'stop') await sleep(FREEZE_MS);
  await disarm(members);
  return first !== undefined;
};

const disarm = async (members: Member[]): Promise<void> => {
  await Promise.all(members.map((member) => member.disarm()));
};

/** The frozen one goes on while another, which has taken its invoice over, is frozen with the lease in hand. */
const overtake = async ({ workers }: Site, frozen: Member | undefined): Promise<void> => {
  const last = frozen?.lastStep();
  if (!frozen || last?.invoiceId === undefined) return;
  const others = workers.filter((member) => member !== frozen);
  for (const member of others)
    member.send({ order: 'arm', step: 'claimed', action: 'stop', skip: 0, invoiceId: last.invoiceId });
  await until(() => others.some((member) => member.isFrozen()), CHANCE_MS);
  frozen.thaw();
  await sleep(OVERTAKEN_MS);
  await disarm(others);
};

const play = async (site: Site, deed: Exclude<Deed, { kind: 'step' }>, plan: PlannedFault): Promise<boolean> => {
  const { target, forMs } = plan;
  switch (deed.kind) {
    case 'signal': {
      const member = targetOf(site[deed.group], target);
      if (member.pid() === undefined) return false;
      if (deed.signal === 'kill') return (member.kill(), true);
      member.freeze();
      await sleep(FREEZE_MS);
      member.thaw();
      return true;
    }
    case 'redis':
      return playRedis(site, deed.how, forMs);
    case 'postgres':
      await site.postgres[deed.how]();
      return true;
    case 'link': {
      const link = site.links[deed.link];
      link.set(deed.mode);
      const happened = await until(() => link.suffered() > 0, CHANCE_MS);
      await sleep(forMs);
      link.set('up');
      return happened;
    }
    case 'storage': {
      site.storageProxy?.set(deed.mode);
      const happened = await until(() => (site.storageProxy?.suffered() ?? 0) > 0, CHANCE_MS);
      await sleep(forMs);
      site.storageProxy?.set('up');
      return happened;
    }
    case 'receiver': {
      site.receiver.set(deed.mode);
      const happened = await until(() => site.receiver.suffered() > 0, CHANCE_MS);
      await sleep(forMs);
      site.receiver.set('up');
      return happened;
    }
    case 'disk':
      return playDisk(site, deed.how, forMs);
    case 'clock': {
      const member = targetOf(site[deed.group], target);
      member.send({ order: 'clock', offsetMs: deed.hours * HOUR_MS });
      await sleep(SHIFTED_MS);
      member.send({ order: 'clock', offsetMs: 0 });
      return true;
    }
  }
};

const playRedis = async ({ redis }: Site, how: Extract<Deed, { kind: 'redis' }>['how'], forMs: number) => {
  if (!redis) return false;
  switch (how) {
    case 'kill':
      await redis.kill();
      await sleep(forMs);
      await redis.start();
      return true;
    case 'flush':
      await redis.command('FLUSHALL');
      return true;
    case 'full':
      await redis.command('CONFIG', 'SET', 'maxmemory', String(FULL_BYTES));
      await sleep(forMs);
      await redis.command('CONFIG', 'SET', 'maxmemory', '0');
      return true;
    case 'freeze':
      redis.freeze();
      await sleep(forMs);
      redis.thaw();
      return true;
  }
};

const playDisk = async ({ disk }: Site, how: Extract<Deed, { kind: 'disk' }>['how'], forMs: number) => {
  if (!disk) return false;
  if (how === 'full') {
    await disk.fill();
    await sleep(forMs);
    await disk.free();
    return true;
  }
  // Refused while a file is open for writing; then it is tried again.
  const happened = await attempt(() => disk.readOnly(true));
  await sleep(forMs);
  await attempt(() => disk.readOnly(false));
  return happened;
};

const attempt = async (act: () => Promise<void>): Promise<boolean> => {
  for (const deadline = Date.now() + CHANCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (
      await act().then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
};

const until = async (condition: () => boolean, withinMs: number): Promise<boolean> => {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS))
    if (condition()) return true;
  return condition();
};

const targetOf = (members: Member[], target: number): Member => {
  const member = members[target % members.length];
  if (!member) throw new Error('there is no process to hit');
  return member;
};
