import type { Report, StepView, WaitingPart } from '../lib/contracts/control';
import type { StepName } from '../lib/contracts/steps';
import type { RunningPart, Snapshot } from './snapshot';

/** Looking costs nothing, telling costs events: news of what moves come often at first and ever more rarely. */
const FIRST_PAUSE_MILLISECONDS = 5_000;
const REPORTS_A_LIFETIME = 60;
/** A part that is tried again may take long to fail again: until then it counts as waiting. */
const QUIET_MILLISECONDS = 5 * 60_000;
/** A report stays small, however many seasons begin to wait at once; the next look tells of the others. */
const MOST_WAITING = 10;
const MOST_CHARACTERS = 600;

type Seen = Pick<Snapshot, 'steps' | 'parts' | 'waitingInChildren'>;

/** What one watcher tells a run, look by look: what is new since it told something last, and nothing else. */
export class Reporter {
  readonly #startedAt: number;
  readonly #steps = new Map<StepName, string>();
  /** Parts that the run knows to wait, and when they were last seen to. */
  readonly #waiting = new Map<string, { readonly code: string; seenAt: number }>();
  #toldAt: number | undefined;

  /** @param startedAt - when the run began, in milliseconds since 1970 */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** @returns nothing where there is nothing new, or not enough of it for now */
  next(seen: Seen, now: number): Report | undefined {
    const waiting = this.#newlyWaiting(seen, now);
    const settled = this.#settled(seen, now);
    const { steps, ended } = this.#isDue(now) ? this.#changedSteps(seen) : { steps: [], ended: [] };
    if (waiting.length + settled.length + steps.length + ended.length === 0) return undefined;
    const first = this.#toldAt === undefined;
    this.#toldAt = now;
    return { first, steps, ended, waiting, settled };
  }

  #isDue(now: number): boolean {
    const pause = Math.max(FIRST_PAUSE_MILLISECONDS, (now - this.#startedAt) / REPORTS_A_LIFETIME);
    return this.#toldAt === undefined || now - this.#toldAt >= pause;
  }

  #newlyWaiting({ waitingInChildren }: Seen, now: number): WaitingPart[] {
    const news: WaitingPart[] = [];
    for (const { step, part, code, message } of waitingInChildren) {
      const told = this.#waiting.get(part);
      if (told?.code === code) {
        told.seenAt = now;
      } else if (news.length < MOST_WAITING) {
        news.push({ step, part, code, message: shortened(message) });
        this.#waiting.set(part, { code, seenAt: now });
      }
    }
    return news;
  }

  #settled({ waitingInChildren, parts }: Seen, now: number): string[] {
    const waiting = new Set(waitingInChildren.map(({ part }) => part));
    const settled = [...this.#waiting].filter(([part, { code, seenAt }]) => {
      if (waiting.has(part)) return false;
      if (code === 'PART_PAUSED') return true;
      const running = parts.find((other) => other.part === part);
      return running === undefined || moves(running) || now - seenAt >= QUIET_MILLISECONDS;
    });
    for (const [part] of settled) this.#waiting.delete(part);
    return settled.map(([part]) => part);
  }

  #changedSteps({ steps, parts }: Seen): Pick<Report, 'steps' | 'ended'> {
    const running = steps.filter(({ status }) => status === 'running').map((step) => this.#withoutWaiting(step, parts));
    const changed = running.filter((step) => this.#steps.get(step.name) !== stateOf(step));
    for (const step of changed) this.#steps.set(step.name, stateOf(step));
    const ended = [...this.#steps.keys()].filter((name) => running.every((step) => step.name !== name));
    for (const name of ended) this.#steps.delete(name);
    return { steps: changed, ended };
  }

  /** What waits is told by itself. Of the others one trouble is shown. */
  #withoutWaiting(step: StepView, parts: readonly RunningPart[]): StepView {
    const troubles = parts.flatMap(({ part, trouble }) =>
      trouble !== undefined && step.troubles.includes(trouble) && !this.#waiting.has(part) ? [shortened(trouble)] : [],
    );
    return { ...step, troubles: troubles.slice(0, 1) };
  }
}

function moves({ progress }: RunningPart): boolean {
  return progress !== undefined && progress.done > (progress.reused ?? 0);
}

/** How far a step is. How fast, and what it says beside, changes all the time and is told along with it. */
function stateOf({ perSecond, note: _, ...step }: StepView): string {
  return JSON.stringify({ ...step, moves: (perSecond ?? 0) > 0 });
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
