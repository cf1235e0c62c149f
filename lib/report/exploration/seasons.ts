import type { Exploration } from '../../contracts/exploration';
import { count, percent } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function seasonSection({ seasons }: Exploration): Section {
  return {
    id: 'seasons',
    title: 'Season by season',
    body: html`${chart('seasons', 'Sequences of each season, empty and with animals; the table below has the same figures.', html`<span class="key animal">with animals</span> <span class="key empty">empty</span>`)}
    ${table({
      id: 'season-table',
      caption: 'Seasons',
      rows: seasons,
      columns: [
        { head: 'Season', cell: (row) => row.season, value: (row) => row.season },
        { head: 'Frames', cell: (row) => count(row.frames), value: (row) => row.frames },
        { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
        {
          head: 'Empty',
          cell: (row) => percent(share(row.empties, row.sequences)),
          value: (row) => share(row.empties, row.sequences),
        },
        { head: 'Sites', cell: (row) => count(row.sites), value: (row) => row.sites },
        { head: 'From', cell: (row) => row.first ?? '—', value: (row) => row.first ?? '' },
        { head: 'To', cell: (row) => row.last ?? '—', value: (row) => row.last ?? '' },
      ],
    })}`,
  };
}

/** What a reader of the data will miss. */
export function gapSection({ seasons, undatedSequences }: Exploration): Section {
  return {
    id: 'gaps',
    title: 'What is missing',
    body: html`<p>
        Frames that show people are in the metadata but not in the archives, so a frame that is absent is normal.
        ${undatedSequences === 0 ? 'Every sequence has a date.' : `${count(undatedSequences)} sequences have no date that can be read.`}
      </p>
      ${table({
        id: 'gap-table',
        caption: 'Missing and broken',
        rows: seasons,
        columns: [
          { head: 'Season', cell: (row) => row.season, value: (row) => row.season },
          {
            head: 'Frames not in the archive',
            cell: (row) => count(row.framesNotInArchive),
            value: (row) => row.framesNotInArchive,
          },
          { head: 'Marked corrupt', cell: (row) => count(row.corruptFrames), value: (row) => row.corruptFrames },
          {
            head: 'Files without metadata',
            cell: (row) => count(row.filesNotInMetadata),
            value: (row) => row.filesNotInMetadata,
          },
          { head: 'Rows refused', cell: (row) => count(row.rejectedRows), value: (row) => row.rejectedRows },
          {
            head: 'Sequences without a class',
            cell: (row) => count(row.excludedSequences),
            value: (row) => row.excludedSequences,
          },
        ],
      })}`,
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
