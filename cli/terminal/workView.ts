import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../lib/contracts/progress';
import { formatDone } from '../../lib/contracts/format';

const PLAIN_INTERVAL_MILLISECONDS = 5_000;

/** Shows how far one piece of work is. */
export interface WorkView {
  update(progress: Progress): void;
  stop(): void;
}

/** A bar on a terminal, a line now and then elsewhere. */
export function createWorkView(title: string, output: NodeJS.WriteStream = process.stdout): WorkView {
  return output.isTTY ? createBar(title, output) : createLines(title, output);
}

function createBar(title: string, output: NodeJS.WriteStream): WorkView {
  const bar = new SingleBar(
    { stream: output, format: `  ${title} {bar} {text}`, barsize: 24, hideCursor: true, linewrap: false },
    Presets.shades_classic,
  );
  bar.start(1, 0, { text: '' });
  return {
    update: (progress) => bar.update(shareOf(progress), { text: textOf(progress) }),
    stop: () => bar.stop(),
  };
}

function createLines(title: string, output: NodeJS.WriteStream): WorkView {
  let said: number | undefined;
  return {
    update: (progress) => {
      const now = Date.now();
      if (said !== undefined && now - said < PLAIN_INTERVAL_MILLISECONDS && shareOf(progress) < 1) return;
      said = now;
      output.write(`${title}: ${textOf(progress)}\n`);
    },
    stop: () => undefined,
  };
}

function shareOf({ done, total }: Progress): number {
  return total === undefined || total === 0 ? 0 : Math.min(1, done / total);
}

function textOf(progress: Progress): string {
  const { note } = progress;
  return note === undefined ? formatDone(progress) : `${formatDone(progress)}, ${note}`;
}
