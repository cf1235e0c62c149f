import type { Finding } from './finding';
import { checkMachine } from './machine';
import { checkModels } from './models';
import { checkServer } from './server';
import { checkStore } from './store';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** In the order in which people should mend things. A check never throws: what it meets is a finding. */
const CHECKS: readonly (() => Promise<Finding[]>)[] = [checkMachine, checkModels, checkStore, checkServer];

/** `serengeti doctor`: looks at everything that a run needs and says what to do. Exit status 1 when something fails. */
export async function examine(): Promise<void> {
  const counts = { ok: 0, warn: 0, fail: 0 };
  for (const check of CHECKS) {
    for (const finding of await check()) {
      counts[finding.verdict] += 1;
      process.stdout.write(line(finding));
    }
  }
  process.stdout.write(`\n${counts.ok} ok, ${counts.warn} to look at, ${counts.fail} failed\n`);
  if (counts.fail > 0) process.exitCode = 1;
}

function line({ verdict, subject, text, advice }: Finding): string {
  const first = `${MARKS[verdict]}  ${subject.padEnd(14)}  ${text}\n`;
  return advice === undefined ? first : `${first}${' '.repeat(22)}→ ${advice}\n`;
}
