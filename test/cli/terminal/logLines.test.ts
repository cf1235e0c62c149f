import { formatLogLine, parseLogLine } from '../../../cli/terminal/logLines';

const LINE = JSON.stringify({
  time: '2026-03-01T08:00:00.000Z',
  level: 'WARN',
  message: 'Mirror is left out',
  workflowId: 'ingest-lila-S4',
  activityId: 'download:S4',
  taskQueue: 'serengeti',
  mirror: 'gcp',
  why: 'connection refused',
  seconds: 12.5,
});

describe('a line of a log', () => {
  it('is not one when another program wrote it, or a crash cut it short', () => {
    expect(parseLogLine('Temporal CLI 1.9.1')).toBeUndefined();
    expect(parseLogLine(LINE.slice(0, -1))).toBeUndefined();
    expect(parseLogLine('{"level":"INFO"}')).toBeUndefined();
  });

  it('says when, who, what, and the facts without the plumbing', () => {
    expect(formatLogLine(parseLogLine(LINE)!)).toBe(
      '2026-03-01T08:00:00.000Z WARN  ingest-lila-S4 download:S4 Mirror is left out mirror=gcp why="connection refused" seconds=13s',
    );
  });
});
