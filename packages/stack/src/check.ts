/** `npm run check`: formatting, supply chain, lint and types of the whole tree. */
import { checkCode, checkFormat, checkSupplyChain } from './tools.ts';

const format = await checkFormat();
const supplyChain = await checkSupplyChain();
const code = await checkCode();
if (format !== 0) process.stderr.write('check: some files are not formatted; run: npm run format\n');
process.exitCode = Math.max(format, supplyChain, code);
