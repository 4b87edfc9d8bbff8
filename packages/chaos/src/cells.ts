/** The matrix: what can go wrong, and when. */
import type { StepName } from '@invoicepress/telemetry';
import type { StepAction } from './preload.ts';
import type { LinkMode } from './link.ts';
import type { StorageMode } from './storage-proxy.ts';
import type { Options } from './options.ts';
import type { ReceiverMode } from './receiver.ts';
import type { Site } from './site.ts';

/** Without a step: from the first request on, from the first claim on, or at any moment. */
export type Moment = 'submitting' | 'rendering' | 'any';

export type LinkName = keyof Site['links'];

export type Deed =
  /** Done by the process to itself, at the step. */
  | {
      kind: 'step';
      group: 'apis' | 'workers';
      step: StepName;
      action: StepAction;
      needsSweeper?: boolean;
      overtaken?: boolean;
    }
  | { kind: 'signal'; group: 'apis' | 'workers'; signal: 'kill' | 'freeze' }
  | { kind: 'redis'; how: 'kill' | 'flush' | 'full' | 'freeze' }
  | { kind: 'postgres'; how: 'restart' | 'crash' }
  | { kind: 'link'; link: LinkName; mode: Exclude<LinkMode, 'up'> }
  | { kind: 'storage'; mode: Exclude<StorageMode, 'up'> }
  | { kind: 'disk'; how: 'full' | 'read-only' }
  | { kind: 'receiver'; mode: Exclude<ReceiverMode, 'up'> }
  | { kind: 'clock'; group: 'apis' | 'workers'; hours: 1 | -1 };

export interface Cell {
  fault: string;
  /** A step's name, or a moment. */
  phase: string;
  deed: Deed;
}

const atStep = (
  fault: string,
  deed: Omit<Extract<Deed, { kind: 'step' }>, 'kind' | 'step'>,
  ...steps: StepName[]
): Cell[] => steps.map((step) => ({ fault, phase: step, deed: { kind: 'step', step, ...deed } }));

const at = (fault: string, deed: Deed, ...moments: Moment[]): Cell[] =>
  moments.map((phase) => ({ fault, phase, deed }));

const everywhere: Cell[] = [
  ...atStep('kill API', { group: 'apis', action: 'kill' }, 'accepting', 'accepted', 'dispatched'),
  ...atStep('freeze API', { group: 'apis', action: 'stop' }, 'accepting', 'accepted', 'dispatched'),
  ...atStep(
    'kill worker',
    { group: 'workers', action: 'kill' },
    'claiming',
    'claimed',
    'rendered',
    'stored',
    'completed',
  ),
  ...at('kill worker', { kind: 'signal', group: 'workers', signal: 'kill' }, 'any'),
  ...atStep('freeze worker', { group: 'workers', action: 'stop' }, 'claimed', 'rendered', 'stored', 'completed'),
  ...atStep('kill worker', { group: 'workers', action: 'kill' }, 'placed', 'delivering', 'delivered'),
  // Another takes over, and holds the lease at the moment when the first goes on.
  ...atStep('overtake worker', { group: 'workers', action: 'stop', overtaken: true }, 'rendered', 'stored'),
  ...at('freeze worker', { kind: 'signal', group: 'workers', signal: 'freeze' }, 'any'),
  ...atStep('kill renderer', { group: 'workers', action: 'kill-renderers' }, 'claimed'),
  ...atStep('freeze renderer', { group: 'workers', action: 'stop-renderers' }, 'claimed'),
  ...atStep('kill sweeper', { group: 'workers', action: 'kill', needsSweeper: true }, 'swept', 'reenqueued'),
  ...atStep('freeze sweeper', { group: 'workers', action: 'stop', needsSweeper: true }, 'swept'),
  ...at('PostgreSQL restarts', { kind: 'postgres', how: 'restart' }, 'submitting', 'rendering'),
  ...at('PostgreSQL crashes', { kind: 'postgres', how: 'crash' }, 'rendering'),
  ...at('database half-open', { kind: 'link', link: 'apiDatabase', mode: 'half-open' }, 'submitting'),
  ...at('database half-open', { kind: 'link', link: 'workerDatabase', mode: 'half-open' }, 'rendering'),
  ...at('database blackholed', { kind: 'link', link: 'apiDatabase', mode: 'blackhole' }, 'submitting'),
  ...at('database blackholed', { kind: 'link', link: 'workerDatabase', mode: 'blackhole' }, 'rendering'),
  ...at('database slow', { kind: 'link', link: 'workerDatabase', mode: 'slow' }, 'rendering'),
  ...at('queue cut off', { kind: 'link', link: 'apiQueue', mode: 'cut' }, 'submitting'),
  ...at('queue blackholed', { kind: 'link', link: 'apiQueue', mode: 'blackhole' }, 'submitting'),
  ...at('queue half-open', { kind: 'link', link: 'workerQueue', mode: 'half-open' }, 'rendering'),
  ...at('clients cut off', { kind: 'link', link: 'clientApi', mode: 'cut' }, 'submitting'),
  ...at('receiver fails', { kind: 'receiver', mode: 'fails' }, 'rendering'),
  ...at('receiver hangs', { kind: 'receiver', mode: 'hangs' }, 'rendering'),
  ...at('receiver redirects', { kind: 'receiver', mode: 'redirects' }, 'rendering'),
  ...at('receiver breaks off', { kind: 'receiver', mode: 'breaks off' }, 'rendering'),
  ...at('API clock +1 h', { kind: 'clock', group: 'apis', hours: 1 }, 'submitting'),
  ...at('API clock -1 h', { kind: 'clock', group: 'apis', hours: -1 }, 'submitting'),
  ...at('worker clock +1 h', { kind: 'clock', group: 'workers', hours: 1 }, 'rendering'),
  ...at('worker clock -1 h', { kind: 'clock', group: 'workers', hours: -1 }, 'rendering'),
];

const onRedis: Cell[] = [
  ...at('Redis killed', { kind: 'redis', how: 'kill' }, 'submitting', 'rendering'),
  ...at('Redis emptied', { kind: 'redis', how: 'flush' }, 'rendering'),
  ...at('Redis out of memory', { kind: 'redis', how: 'full' }, 'submitting', 'rendering'),
  ...at('Redis frozen', { kind: 'redis', how: 'freeze' }, 'submitting'),
];

const onS3: Cell[] = (
  [
    ['storage answers 503', 'unavailable'],
    ['storage slow', 'slow'],
    ['storage resets', 'resets'],
    ['storage lies', 'lies'],
    ['storage corrupts', 'corrupts'],
  ] as const
).flatMap(([fault, mode]) => at(fault, { kind: 'storage', mode }, 'rendering'));

const onDisk: Cell[] = [
  ...at('disk full', { kind: 'disk', how: 'full' }, 'rendering'),
  ...at('disk read-only', { kind: 'disk', how: 'read-only' }, 'rendering'),
];

export const cellName = ({ fault, phase }: Pick<Cell, 'fault' | 'phase'>): string => `${fault}@${phase}`;

/** The cells that this set-up has. */
export const cellsFor = ({ queue, storage, only }: Pick<Options, 'queue' | 'storage' | 'only'>): Cell[] =>
  [...everywhere, ...(queue === 'redis' ? onRedis : []), ...(storage === 's3' ? onS3 : onDisk)].filter(
    (cell) => only.length === 0 || [cell.fault, cell.phase, cellName(cell)].some((name) => only.includes(name)),
  );
