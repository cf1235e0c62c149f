import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Names the time since this machine started. What a process wrote during it is there, on disk or not, even when that
 * process was killed. Where the system does not tell, each process counts as a start of its own.
 */
export const BOOT = readBootId();

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
