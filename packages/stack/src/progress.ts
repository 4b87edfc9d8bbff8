const WIDTH = 30;

/** A bar that is redrawn on a terminal; elsewhere a line per quarter, so that logs stay short. */
export const createProgress = (label: string, out: NodeJS.WriteStream = process.stderr) => {
  let quarter = -1;
  return {
    show(done: number, total: number): void {
      const share = total === 0 ? 1 : done / total;
      if (out.isTTY) {
        const filled = Math.round(share * WIDTH);
        out.write(`\r${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}\u001B[K`);
      } else if (Math.floor(share * 4) > quarter) {
        quarter = Math.floor(share * 4);
        out.write(`${label.trimEnd()} ${done}/${total}\n`);
      }
    },
    end(): void {
      if (out.isTTY) out.write('\n');
    },
  };
};
