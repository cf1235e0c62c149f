import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../lib/contracts/progress';
import { formatCount } from './format';

/** Shows how far the drawing of the sample is; shows nothing when there is nothing to draw. */
export function createDrawingView(output: NodeJS.WriteStream = process.stdout): {
  update(progress: Progress): void;
  stop(): void;
} {
  let bar: SingleBar | undefined;
  let announced = false;
  return {
    update: ({ done, total = 0, reused = 0 }) => {
      if (done === reused) return;
      if (!announced) output.write(`Drawing the sample seasons, ${formatCount(total)} frames, once …\n`);
      announced = true;
      if (!output.isTTY) return;
      if (bar === undefined) {
        bar = new SingleBar(
          { stream: output, format: '  {bar} {value} of {total} frames, {eta_formatted} left', barsize: 24 },
          Presets.shades_classic,
        );
        bar.start(total, done);
      }
      bar.update(done);
    },
    stop: () => bar?.stop(),
  };
}
