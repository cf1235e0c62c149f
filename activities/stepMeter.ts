import { Context } from '@temporalio/activity';
import { isSerengetiError } from '../lib/contracts/errors';
import type { Progress } from '../lib/contracts/progress';
import { FAILURES_METRIC, WORK_METRICS } from '../lib/contracts/metrics';

/** Counts what a step gets done, and its failures. The meter adds the step's name (`activity_type`) to each figure. */
export class StepMeter {
  readonly #meter = Context.current().metricMeter;
  /** Of this attempt, by unit. */
  readonly #counted = new Map<Progress['unit'], number>();

  /** Takes the latest progress: what was there when the attempt began is not counted again. */
  progress({ unit, done, reused = 0 }: Progress): void {
    const metric = WORK_METRICS[unit];
    if (metric === undefined) return;
    const news = done - reused - (this.#counted.get(unit) ?? 0);
    if (news <= 0) return;
    this.#counted.set(unit, done - reused);
    this.#meter.createCounter(metric.name, undefined, metric.description).add(news);
  }

  failed(error: unknown): void {
    const code = isSerengetiError(error) ? error.code : 'UNEXPECTED';
    this.#meter.createCounter(FAILURES_METRIC.name, undefined, FAILURES_METRIC.description).add(1, { code });
  }
}
