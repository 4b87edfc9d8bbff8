// Logs to a pipe that its reader closes, then says on the other one that it lives.
import { createTelemetry } from '../src/index.ts';

const telemetry = createTelemetry({ service: 'test', level: 'info' });
telemetry.started({});
setTimeout(() => {
  for (let line = 0; line < 1_000; line += 1) telemetry.log.info('unheard', { count: line });
  setTimeout(() => process.stderr.write('still alive after a thousand lines\n'), 200);
}, 300);
