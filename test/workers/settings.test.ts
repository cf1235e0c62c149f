import { readSettings } from '../../workers/settings';

describe('settings', () => {
  it('have defaults for a worker beside an embedded server', () => {
    expect(readSettings({})).toMatchObject({
      address: '127.0.0.1:7233',
      namespace: 'default',
      store: expect.stringMatching(/^file:\/\/\/.*\/store\/$/) as string,
      ioConcurrency: 4,
    });
  });

  it.each(['0', '-1', '2.5', 'many'])('refuse %p activities at a time, naming the variable and the value', (value) => {
    expect(() => readSettings({ SERENGETI_IO_CONCURRENCY: value })).toThrow(
      `SERENGETI_IO_CONCURRENCY must be a whole number from 1 up, got "${value}"`,
    );
  });
});
