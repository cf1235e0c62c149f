import { formatSeconds } from '../../lib/contracts/format';

/** A line of a process's log: JSON with a message and an object, as `workers/telemetry` writes it. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly workflowId?: string;
  readonly activityId?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What every line has or what the ids say already. */
const PLUMBING = [
  'sdkComponent',
  'namespace',
  'taskQueue',
  'taskToken',
  'workflowType',
  'runId',
  'activityType',
  'isLocal',
  'scheduledTimestampMs',
  'currentAttemptScheduledTimestampMs',
];

/** `undefined` for what is not such a line: output of the server, of libraries. */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Cut short by a crash, or of another program.
    return undefined;
  }
  const { time, level, message, workflowId, activityId, ...rest } = value;
  if (typeof time !== 'string' || typeof level !== 'string' || typeof message !== 'string') return undefined;
  const facts = Object.fromEntries(Object.entries(rest).filter(([name]) => !PLUMBING.includes(name)));
  return {
    time,
    level,
    message,
    ...(typeof workflowId === 'string' ? { workflowId } : {}),
    ...(typeof activityId === 'string' ? { activityId } : {}),
    facts,
  };
}

/** One line for people: when, who, what, facts. */
export function formatLogLine({ time, level, message, workflowId, activityId, facts }: LogLine): string {
  const who = [workflowId, activityId].filter((id) => id !== undefined).join(' ');
  const what = Object.entries(facts).map(([name, value]) => `${name}=${textOf(name, value)}`);
  return [time, level.padEnd(5), who, message, ...what].filter((part) => part !== '').join(' ');
}

function textOf(name: string, value: unknown): string {
  if (name === 'seconds' && typeof value === 'number') return formatSeconds(value).replace(' ', '');
  if (typeof value === 'string') return /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? 'undefined';
}
