import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../lib/contracts/progress';

export interface BarView {
  update(progress: Progress): void;
  stop(): void;
}

/**
 * One bar for one long piece of work; shows nothing when there is nothing to do.
 *
 * @param announce - the line above the bar, which is all that is printed where there is no terminal
 * @param what - what the bar counts
 */
export function createBarView(
  announce: (total: number) => string,
  what: string,
  output: NodeJS.WriteStream = process.stdout,
): BarView {
  let bar: SingleBar | undefined;
  let announced = false;
  return {
    update: ({ done, total = 0, reused = 0 }) => {
      if (done === reused) return;
      if (!announced) output.write(`${announce(total)}\n`);
      announced = true;
      if (!output.isTTY) return;
      if (bar === undefined) {
        bar = new SingleBar(
          { stream: output, format: `  {bar} {value} of {total} ${what}, {eta_formatted} left`, barsize: 24 },
          Presets.shades_classic,
        );
        bar.start(total, done);
      }
      bar.update(done);
    },
    stop: () => bar?.stop(),
  };
}
