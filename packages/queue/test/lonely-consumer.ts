/** A process of its own: it consumes the queue that it is told of, and closes when it is told anything more. */
import { once } from 'node:events';
import { consumeRenders } from '../src/index.ts';
import type { QueueSettings } from '../src/index.ts';

const [settings] = (await once(process, 'message')) as [QueueSettings];
const consumer = await consumeRenders(settings, () => Promise.resolve({ outcome: 'done' }), { concurrency: 1 });
process.send!('consumes');
await once(process, 'message');
process.disconnect();
await consumer.close({ deadlineMs: 0 });
