import { renderTable } from '../../../cli/terminal/table';

describe('a table in the terminal', () => {
  it('has numbers to the right and words to the left, below their titles', () => {
    const rows = [
      ['S1', '137 MB', 'done'],
      ['S10', '–', 'waits for a repair'],
      ['S11', '', 'to do'],
    ];
    expect(renderTable(['season', 'size', 'state'], rows)).toBe(
      [
        'season    size  state', //
        '──────  ──────  ──────────────────',
        'S1      137 MB  done',
        'S10          –  waits for a repair',
        'S11             to do',
        '',
      ].join('\n'),
    );
  });
});
