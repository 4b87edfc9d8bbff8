/** What an image may not have, by the instructions of its container file. */
interface Instruction {
  line: number;
  name: string;
  text: string;
}

/** Lines joined where they go on, comments left out. */
const instructionsOf = (source: string): Instruction[] => {
  const found: Instruction[] = [];
  let open: Instruction | undefined;
  for (const [index, raw] of source.split('\n').entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    if (open) open.text += ` ${text}`;
    else open = { line: index + 1, name: text.split(/\s/)[0]?.toUpperCase() ?? '', text };
    if (text.endsWith('\\')) open.text = open.text.slice(0, -1);
    else {
      found.push(open);
      open = undefined;
    }
  }
  return found;
};

/** Each image is what the last stages are; those that others copy from are left behind. */
export const faultsOfContainer = (file: string, source: string): string[] => {
  const instructions = instructionsOf(source);
  const faults: string[] = [];
  const say = ({ line }: Instruction, fault: string) => faults.push(`${file}:${line}: ${fault}`);
  const stages: { name: string; from: Instruction; rest: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [, , name = ''] = /^FROM\s+(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction.text) ?? [];
      stages.push({ name, from: instruction, rest: [] });
    } else stages.at(-1)?.rest.push(instruction);
    const { name, text } = instruction;
    if (name === 'ADD') say(instruction, 'ADD fetches and unpacks; use COPY');
    if ((name === 'ARG' || name === 'ENV') && /(?:PASSWORD|SECRET|TOKEN|PRIVATE_KEY)\w*[= ]/i.test(text))
      say(instruction, 'a secret would stay in the image; give it when the container starts');
    if (name === 'RUN' && /\b(?:curl|wget)\b[^|]*\|\s*(?:ba|da)?sh\b/.test(text))
      say(instruction, 'runs what it fetches unseen; install a package of a pinned version');
    if (/^(?:FROM|ARG)\s.*(?:=|\s)[\w./-]+(?::latest)?(?:\s|$)/i.test(text) && isUnpinned(text, stages))
      say(instruction, 'the image has no version; pin one');
  }
  const used = new Set(
    instructions.flatMap(({ text }) => /--from=(\S+)/.exec(text)?.[1] ?? /^FROM\s+(\S+)/i.exec(text)?.[1] ?? []),
  );
  for (const { name, from, rest } of stages.filter((stage) => !used.has(stage.name))) {
    const user = rest.findLast((each) => each.name === 'USER');
    if (!user || /^USER\s+(?:root|0)\b/.test(user.text)) say(from, `the image ${name} runs as root; end it with USER`);
    if (!rest.some((each) => each.name === 'CMD' || each.name === 'ENTRYPOINT'))
      say(from, `the image ${name} has no CMD`);
    for (const shell of rest.filter((each) => /^(?:CMD|ENTRYPOINT)\s+[^[]/.test(each.text)))
      say(shell, 'a shell between it and the program swallows signals; write it as a list');
  }
  return faults;
};

/** A base that is neither a stage above, nor an argument that is looked at where it is set, nor has a tag or digest. */
const isUnpinned = (text: string, stages: { name: string }[]): boolean => {
  const image = /^FROM\s+(\S+)/i.exec(text)?.[1] ?? /^ARG\s+\w*IMAGE=(\S+)/.exec(text)?.[1];
  if (image === undefined || image.includes('$') || stages.some(({ name }) => name === image)) return false;
  return image.endsWith(':latest') || !/[:@][^/]+$/.test(image);
};
