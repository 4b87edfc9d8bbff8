import type { IssuedInvoice } from '@invoicepress/invoice';
import { rendererEnvironment } from '@invoicepress/renderers';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BareReply } from './bare-renderer.ts';

export interface BareLoop extends AsyncDisposable {
  pids: number[];
  /** Renders all of them, an equal share in each child. @throws Error when a child ends */
  render(invoices: IssuedInvoice[]): Promise<{ seconds: number; replies: BareReply[] }>;
}

/** What the pipeline is compared with: as many rendering processes as it has, and nothing around them. */
export const startBareLoop = (processes: number): BareLoop => {
  const children = Array.from({ length: processes }, startChild);
  return {
    pids: children.flatMap(({ pid }) => pid ?? []),
    async render(invoices) {
      const shares = children.map((child, index) => child.render(invoices.filter((_, i) => i % processes === index)));
      const replies = await Promise.all(shares);
      return { seconds: Math.max(...replies.map(({ seconds }) => seconds)), replies };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
};

const startChild = () => {
  const child = fork(fileURLToPath(new URL('bare-renderer.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [],
    env: rendererEnvironment,
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const failed = async (): Promise<never> => {
    throw new Error(`a renderer of the bare loop ended with ${await exited}`);
  };
  return {
    pid: child.pid,
    render: (invoices: IssuedInvoice[]): Promise<BareReply> => {
      const reply = new Promise<BareReply>((resolve) => child.once('message', resolve));
      child.send(invoices, () => {}); // what cannot be sent has ended, of which `failed` speaks
      return Promise.race([reply, failed()]);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
