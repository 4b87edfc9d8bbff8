import { channel } from 'node:diagnostics_channel';

/** The places between two awaits at which an invoice's way can be interrupted. */
export type StepName =
  | 'accepting' // numbered and stored, not committed
  | 'accepted' // committed, not enqueued
  | 'dispatched' // enqueued, not answered
  | 'claiming'
  | 'claimed'
  | 'rendered'
  | 'stored'
  | 'completed'
  | 'settling' // an attempt has failed, and what follows is not decided
  | 'sweeping'
  | 'swept' // overdue rows are taken, not enqueued
  | 'reenqueued'
  | 'placed' // events have their place in the feed
  | 'delivering'
  | 'delivered'; // the receiver has answered, and that is not written down

export interface Step {
  step: StepName;
  invoiceId?: string;
  /** Of the lease under which the step was taken. */
  epoch?: number;
}

const steps = channel('invoicepress:step');

/** Tells whoever listens on the channel `invoicepress:step` how far the work is. Costs nothing while nobody does. */
export const step = (name: StepName, { invoiceId, epoch }: Omit<Step, 'step'> = {}): void => {
  if (!steps.hasSubscribers) return;
  steps.publish({ step: name, ...(invoiceId !== undefined && { invoiceId }), ...(epoch !== undefined && { epoch }) });
};
