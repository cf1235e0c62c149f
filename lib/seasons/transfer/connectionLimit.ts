import { EventEmitter, once, setMaxListeners } from 'node:events';

/** How often to call {@link ConnectionLimit.adjust}, milliseconds. */
export const ADJUST_EVERY_MS = 250;
/** To begin with; or one a mirror. */
const FIRST = 2;
/** More connections are kept when they bring so many times the speed … */
const WORTHWHILE = 1.2;
/** … within so long: over a long way, with TLS, a connection needs most of a second to begin. */
const TRIAL_MS = 1_250;
/** What a link gives changes over the days of a transfer. */
const NEXT_TRIAL_MS = 10_000;

interface Trial {
  /** Limit and speed (bytes a millisecond) before it. */
  readonly limit: number;
  readonly speed: number;
  readonly endsAt: number;
}

/**
 * How many connections of a transfer are active: twice as many, and again, as long as that makes it faster. Where a
 * server limits each connection, all of them are active within two seconds; where the link or this machine is the limit,
 * more would only cost processor time.
 */
export class ConnectionLimit {
  readonly #most: number;
  readonly #changes = new EventEmitter();
  #limit: number;
  #bytes = 0;
  #adjustedAt: number;
  #trial: Trial | undefined;
  #nextTrialAt = 0;
  #released = false;

  /**
   * @param most - connections, 1 and more
   * @param mirrors - that have the file
   */
  constructor(most: number, mirrors: number, now = performance.now()) {
    this.#most = most;
    this.#limit = Math.min(most, Math.max(FIRST, mirrors));
    this.#adjustedAt = now;
    setMaxListeners(0, this.#changes);
  }

  /** Connections that should be active. */
  get current(): number {
    return this.#limit;
  }

  /** Waits until a connection may be active. @param connection - its number, from 0 */
  async admit(connection: number, signal: AbortSignal): Promise<void> {
    while (connection >= this.#limit && !this.#released) await once(this.#changes, 'change', { signal });
  }

  /** Nothing is left to take: connections that wait are admitted, and end. */
  release(): void {
    this.#released = true;
    this.#changes.emit('change');
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Changes the limit by the speed since this was last called. */
  adjust(now = performance.now()): void {
    const speed = this.#bytes / (now - this.#adjustedAt);
    this.#bytes = 0;
    this.#adjustedAt = now;
    if (this.#trial !== undefined) this.#judge(this.#trial, speed, now);
    if (this.#trial === undefined && this.#limit < this.#most && now >= this.#nextTrialAt) {
      this.#trial = { limit: this.#limit, speed, endsAt: now + TRIAL_MS };
      this.#set(Math.min(this.#limit * 2, this.#most));
    }
  }

  #judge(trial: Trial, speed: number, now: number): void {
    if (speed > 0 && speed >= trial.speed * WORTHWHILE) {
      this.#trial = undefined;
    } else if (now >= trial.endsAt) {
      this.#trial = undefined;
      this.#nextTrialAt = now + NEXT_TRIAL_MS;
      // Where nothing comes at all, the others may be luckier.
      if (speed > 0) this.#set(trial.limit);
    }
  }

  #set(limit: number): void {
    this.#limit = limit;
    this.#changes.emit('change');
  }
}
