/** `npm run check`: formatting and supply chain of the whole tree, then lint and types of every package. Takes turbo's arguments. */
import { checkFormat, checkSupplyChain, runTasks } from './tools.ts';

const format = await checkFormat();
const supplyChain = await checkSupplyChain();
const tasks = await runTasks(['check'], process.argv.slice(2));
if (format !== 0) process.stderr.write('check: some files are not formatted; run: npm run format\n');
process.exitCode = Math.max(format, supplyChain, tasks);
