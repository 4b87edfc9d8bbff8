/**
 * Loaded into every process under test before its main file: dies or freezes at the steps that it is told, shifts the
 * clock, and tells which steps were taken. The production code only publishes its steps.
 */
import type { Step, StepName } from '@invoicepress/telemetry';
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { applyVariant } from './variants.ts';

export type StepAction = 'kill' | 'stop' | 'kill-renderers' | 'stop-renderers';

export type Order =
  | { order: 'arm'; step: StepName; action: StepAction; skip: number; invoiceId?: string }
  | { order: 'disarm' }
  | { order: 'clock'; offsetMs: number };

/** What it says to whom it has its orders from. */
export type Told = { said: 'step'; step: Step; acted: boolean } | { said: 'disarmed' };

type Armed = Extract<Order, { order: 'arm' }>;

let armed: Armed[] = [];

const say = (told: Told): boolean => process.send?.(told, () => {}) ?? false;

subscribe('invoicepress:step', (message) => {
  const step = message as Step;
  let acted = false;
  let told = false;
  const fits = ({ step: name, invoiceId }: Armed) =>
    name === step.step && (invoiceId === undefined || invoiceId === step.invoiceId);
  for (const each of armed.filter(fits)) {
    if (each.skip-- > 0) continue;
    armed = armed.filter((other) => other !== each);
    if (each.action === 'stop') told = say({ said: 'step', step, acted }); // afterwards it would be too late
    act(each.action);
    acted ||= each.action !== 'stop';
  }
  if (!told) say({ said: 'step', step, acted }); // after the deed: what died here did not get further
});

const act = (action: StepAction): void => {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
  else for (const renderer of children()) process.kill(renderer, action === 'kill-renderers' ? 'SIGKILL' : 'SIGSTOP');
};

const children = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const RealDate = Date;

const shiftClock = (offsetMs: number): void => {
  const now = () => RealDate.now() + offsetMs;
  const shifted = new Proxy(RealDate, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
  globalThis.Date = offsetMs === 0 ? RealDate : shifted;
};

process.on('message', (order: Order) => {
  if (order.order === 'arm') armed.push(order);
  else if (order.order === 'clock') shiftClock(order.offsetMs);
  else {
    armed = [];
    say({ said: 'disarmed' });
  }
});
process.channel?.unref(); // the process ends when its own work does

const variant = process.env['CHAOS_VARIANT'];
if (variant) applyVariant(variant);
