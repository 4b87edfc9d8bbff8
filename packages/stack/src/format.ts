/** `npm run format`: formats every file in place, or those given. */
import { runTool } from './tools.ts';

const files = process.argv.slice(2);
process.exitCode = await runTool('oxfmt', ['--write', ...(files.length > 0 ? files : ['.'])]);
