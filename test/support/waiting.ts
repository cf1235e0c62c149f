import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is neither `false` nor `undefined`. The test's own limit ends what never comes. */
export async function until<T>(ask: () => Promise<T | false | undefined> | T | false | undefined): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    await sleep(10);
  }
}

/** Waits until the clock shows another millisecond: what is made then has another time than what was made before. */
export async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  await until(() => Date.now() > now);
}
