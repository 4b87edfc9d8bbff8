/** What the promises cost that the database keeps: the same pipeline with and without them, in turns. */
import { asOwner } from '../as-owner.ts';
import { onStack } from '../bench-stack.ts';
import type { Section } from '../figures.ts';
import { someDrafts } from '../invoices.ts';
import { runThroughPipeline } from '../pipeline.ts';
import { median } from '../statistics.ts';

const sizes = { full: { rounds: 5, invoices: 600, batch: 100 }, quick: { rounds: 1, invoices: 16, batch: 8 } };

/** The lifecycle's edges, documents that stay as they are, and an event for each transition, placed in the feed. */
const triggers = { invoice: ['touch_invoice', 'tell_accepted', 'tell_transition'], document: ['guard_document'] };

export const guarantees: Section = {
  name: 'guarantees',
  title: 'Guarantees of the database: lifecycle, final documents and events, against none of them',
  run: async ({ quick, profileDir, say }) => {
    const { rounds, invoices, batch } = quick ? sizes.quick : sizes.full;
    return await onStack({ profileDir }, async (client, stack) => {
      const throughput = async (name: string, kept: boolean): Promise<number> => {
        await keep(stack.ownerUrl, kept);
        const { seconds } = await runThroughPipeline(client, someDrafts(name, invoices), batch);
        return invoices / seconds;
      };
      await throughput('WARM', true);
      const [kept, without]: [number[], number[]] = [[], []];
      for (let round = 1; round <= rounds; round++) {
        kept.push(await throughput(`K${round}`, true));
        without.push(await throughput(`W${round}`, false));
        say(`round ${round} of ${rounds}: kept ${kept.at(-1)?.toFixed(1)}/s, without ${without.at(-1)?.toFixed(1)}/s`);
      }
      const ratios = kept.map((value, index) => value / (without[index] ?? value));
      return [
        { name: 'with every guarantee', value: median(kept), unit: '/s', rounds: kept },
        { name: 'without their triggers', value: median(without), unit: '/s', rounds: without },
        { name: 'throughput kept', value: median(ratios), unit: '×', rounds: ratios, target: { atLeast: 0.85 } },
      ];
    });
  },
};

const keep = (ownerUrl: string, kept: boolean): Promise<void> =>
  asOwner(ownerUrl, async (owner) => {
    for (const [table, names] of Object.entries(triggers)) {
      for (const name of names)
        await owner.query(`ALTER TABLE ${table} ${kept ? 'ENABLE' : 'DISABLE'} TRIGGER ${name}`);
    }
  });
