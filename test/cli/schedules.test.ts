import { scheduleIdOf } from '../../cli/schedule/schedules';

describe('the schedule of a catalog', () => {
  it('is named after it', () => {
    expect(scheduleIdOf('lila')).toBe('retrain-lila');
    expect(scheduleIdOf('/data/hills/my-catalog.json')).toMatch(/^retrain-my-catalog-[0-9a-f]{6}$/);
  });

  it('is another one for a file of the same name elsewhere', () => {
    expect(scheduleIdOf('/data/hills/catalog.json')).not.toBe(scheduleIdOf('/data/river/catalog.json'));
  });
});
