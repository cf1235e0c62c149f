import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { RangesIgnored, noMirrorLeft, type SourceFailure } from '../../http/failures';
import { pinnedFacts, urlAt, type MirrorCopy, type SourceFile } from './source';
import type { FileFacts, TransferPolicy } from '../../http/transport';

/** A mirror while a file is read from it. */
export interface MirrorUse {
  readonly name: string;
  readonly url: string;
  readonly pinned: FileFacts;
}

interface State extends MirrorUse {
  active: number;
  /** Bytes a second of one connection, as last seen. */
  speed: number | undefined;
  /** In a row, without a byte between them. */
  failures: number;
  restsUntil: number;
  lastFailure: SourceFailure | undefined;
  left: boolean;
}

/** What to do next: read from a mirror, or wait because all are resting. */
export type Choice = { readonly mirror: MirrorUse } | { readonly waitMs: number; readonly because: string };

/**
 * The mirrors of one file: shares connections among them by their speed, lets them rest when they fail, gives them up
 * when they fail for good.
 */
export class MirrorPool {
  readonly #path: string;
  readonly #states: readonly State[];
  readonly #policy: TransferPolicy;
  readonly #onWarning: WorkOptions['onWarning'];

  constructor(
    mirrors: readonly Mirror[],
    file: SourceFile,
    copies: readonly MirrorCopy[],
    policy: TransferPolicy,
    onWarning: WorkOptions['onWarning'],
  ) {
    this.#path = file.path;
    this.#policy = policy;
    this.#onWarning = onWarning;
    this.#states = copies.flatMap((copy) => {
      const mirror = mirrors.find(({ name }) => name === copy.mirror);
      if (mirror === undefined) return [];
      return { name: mirror.name, url: urlAt(mirror, file.path), pinned: pinnedFacts(file, copy), ...fresh() };
    });
  }

  /**
   * @param except - names of mirrors that are of no use for this request
   * @throws SerengetiError when no mirror is left
   */
  choose(except: { has(name: string): boolean } = new Set<string>()): Choice {
    const usable = this.#states.filter((state) => !state.left && !except.has(state.name));
    if (usable.length === 0) throw noMirrorLeft(this.#path, this.#failures());
    const now = performance.now();
    const awake = usable.filter((state) => state.restsUntil <= now);
    if (awake.length > 0) return { mirror: this.#leastBusy(awake) };
    const first = usable.reduce((a, b) => (b.restsUntil < a.restsUntil ? b : a));
    return { waitMs: first.restsUntil - now, because: first.lastFailure?.message ?? first.name };
  }

  /** How many mirrors there were to begin with. */
  get size(): number {
    return this.#states.length;
  }

  /** Whether no mirror is left. */
  get exhausted(): boolean {
    return this.#states.every((state) => state.left);
  }

  /** Names of mirrors that were given up because they send only whole files. */
  get ignoringRanges(): string[] {
    return this.#states.filter((state) => state.lastFailure instanceof RangesIgnored).map((state) => state.name);
  }

  /** The best that one connection reaches at a mirror that is awake, bytes a second. */
  get bestSpeed(): number {
    const now = performance.now();
    const awake = this.#states.filter((state) => !state.left && state.restsUntil <= now);
    return Math.max(0, ...awake.map((state) => state.speed ?? 0));
  }

  opened(mirror: MirrorUse): void {
    this.#stateOf(mirror).active++;
  }

  /** Bytes came: what was wrong before is over. */
  delivered(mirror: MirrorUse): void {
    this.#stateOf(mirror).failures = 0;
  }

  /** @param speed - bytes a second over the connection's life, when that was long enough to tell */
  closed(mirror: MirrorUse, speed: number | undefined): void {
    const state = this.#stateOf(mirror);
    state.active--;
    if (speed !== undefined) state.speed = speed;
  }

  failed(mirror: MirrorUse, failure: SourceFailure): void {
    const state = this.#stateOf(mirror);
    const now = performance.now();
    state.lastFailure = failure;
    if (state.left) return;
    if (failure.then !== 'wait') return this.#leave(state, failure);
    // Connections that break off together are one failure.
    if (now < state.restsUntil) return;
    state.failures++;
    if (state.failures >= this.#policy.attempts) return this.#leave(state, failure);
    state.restsUntil = now + (failure.retryAfterMs ?? this.#pause(state.failures));
  }

  #failures(): SourceFailure[] {
    return this.#states.flatMap((state) => state.lastFailure ?? []);
  }

  #leave(state: State, failure: SourceFailure): void {
    state.left = true;
    const others = this.#states.filter((other) => !other.left).map((other) => other.name);
    if (others.length === 0) return;
    this.#onWarning?.({
      message: `Mirror ${state.name} is left out: ${failure.message}. Going on with ${others.join(', ')}.`,
      details: { mirror: state.name, code: failure.code },
    });
  }

  /** Doubles from failure to failure; a random half of it keeps connections and workers from coming back together. */
  #pause(failures: number): number {
    const pause = Math.min(this.#policy.pauseMs * 2 ** (failures - 1), this.#policy.longestPauseMs);
    return pause * (0.5 + Math.random() / 2);
  }

  /** The mirror where one more connection gets most. One not yet tried is taken to be as fast as the best. */
  #leastBusy(states: readonly State[]): State {
    const best = Math.max(1, ...states.map((state) => state.speed ?? 0));
    const load = (state: State): number => (state.active + 1) / (state.speed ?? best);
    return states.reduce((a, b) => (load(b) < load(a) ? b : a));
  }

  #stateOf(mirror: MirrorUse): State {
    return mirror as State;
  }
}

function fresh(): Pick<State, 'active' | 'speed' | 'failures' | 'restsUntil' | 'lastFailure' | 'left'> {
  return { active: 0, speed: undefined, failures: 0, restsUntil: 0, lastFailure: undefined, left: false };
}
