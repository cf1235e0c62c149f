import { EventEmitter, once, setMaxListeners } from 'node:events';

/** How often to call {@link Crew.look}, milliseconds. */
export const LOOK_EVERY_MS = 250;
/** To begin with; or one a mirror. */
const FIRST = 2;
/** More connections stay when they bring so many times the speed … */
const WORTHWHILE = 1.2;
/** … within so long: over a long way, with TLS, a connection needs most of a second to begin. */
const TRIAL_MS = 1_250;
/** What a link gives changes over the days of a download. */
const NEXT_TRIAL_MS = 10_000;

interface Trial {
  /** Size and speed (bytes a millisecond) before it. */
  readonly size: number;
  readonly speed: number;
  readonly endsAt: number;
}

/**
 * How many connections of a download are at work: twice as many, and again, as long as that makes it faster. Where a
 * server limits each connection, all of them are at work within two seconds; where the link or this machine is the
 * limit, more would only cost processor time.
 */
export class Crew {
  readonly #most: number;
  readonly #changes = new EventEmitter();
  #size: number;
  #bytes = 0;
  #lastLook: number;
  #trial: Trial | undefined;
  #nextTrialAt = 0;
  #over = false;

  /**
   * @param most - connections, 1 and more
   * @param mirrors - that have the file
   */
  constructor(most: number, mirrors: number, now = performance.now()) {
    this.#most = most;
    this.#size = Math.min(most, Math.max(FIRST, mirrors));
    this.#lastLook = now;
    setMaxListeners(0, this.#changes);
  }

  /** Connections that should be at work. */
  get size(): number {
    return this.#size;
  }

  /**
   * Waits until the crew is large enough for a member, or at its end.
   *
   * @param member - from 0
   */
  async turnOf(member: number, signal: AbortSignal): Promise<void> {
    while (member >= this.#size && !this.#over) await once(this.#changes, 'change', { signal });
  }

  /** Nothing was left to do for one member: those that wait may go home, once they have looked after what they left. */
  end(): void {
    this.#over = true;
    this.#changes.emit('change');
  }

  delivered(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Looks at the speed since the last look, and changes the crew's size. */
  look(now = performance.now()): void {
    const speed = this.#bytes / (now - this.#lastLook);
    this.#bytes = 0;
    this.#lastLook = now;
    if (this.#trial !== undefined) this.#judge(this.#trial, speed, now);
    if (this.#trial === undefined && this.#size < this.#most && now >= this.#nextTrialAt) {
      this.#trial = { size: this.#size, speed, endsAt: now + TRIAL_MS };
      this.#resize(Math.min(this.#size * 2, this.#most));
    }
  }

  #judge(trial: Trial, speed: number, now: number): void {
    if (speed > 0 && speed >= trial.speed * WORTHWHILE) {
      this.#trial = undefined;
    } else if (now >= trial.endsAt) {
      this.#trial = undefined;
      this.#nextTrialAt = now + NEXT_TRIAL_MS;
      // Where nothing comes at all, the others may be luckier.
      if (speed > 0) this.#resize(trial.size);
    }
  }

  #resize(size: number): void {
    this.#size = size;
    this.#changes.emit('change');
  }
}
