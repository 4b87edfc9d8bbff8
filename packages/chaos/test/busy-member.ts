/** A process that is too busy to hear of an order in time: between two steps it does nothing else for a while. */
import { step } from '@invoicepress/telemetry';
import { createServer } from 'node:http';

const BUSY_MS = 500;

createServer((_request, response) => void response.end()).listen(Number(process.env['PORT']), '127.0.0.1');

process.once('message', () => {
  step('claimed');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
  step('rendered');
});
