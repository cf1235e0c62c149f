import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/folders';
import { FORMATS, type WrittenMetadata } from './support/formats';
import { indexed, type IndexOptions, type Indexed } from './support/indexed';
import { SEASON, allFrames, sequence } from './support/season';

const folder = temporaryFolder();

const index = (written: WrittenMetadata, options?: IndexOptions): Promise<Indexed> =>
  indexed(folder(), written, options);

describe.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])('a season in %s', (format) => {
  const write = (season = SEASON) => FORMATS[format](folder(), season);

  it('becomes a row a sequence, with its labels as the catalog calls them', async () => {
    const { sequences, summary } = await index(await write());

    expect(sequences.map(({ sequence, site, frames, labels }) => [sequence, site, frames, labels])).toEqual([
      ['SER_S1#B04#1#1', 'B04', 3, ['zebra']],
      ['SER_S1#B04#1#10', 'B04', 2, ['buffalo', 'zebra']],
      ['SER_S1#B04#1#2', 'B04', 1, ['empty']],
      ['SER_S1#C01#1#1', 'C01', 2, []],
      ['SER_S1#C01#1#2', 'C01', 2, ['lionfemale']],
      ['SER_S1#C01#2#3', 'C01', 1, ['empty']],
    ]);
    expect(summary).toEqual({
      catalog: 'test',
      season: 'S1',
      frames: 11,
      sequences: 6,
      sites: 2,
      empties: 2,
      framesNotInArchive: 0,
      filesNotInMetadata: 0,
      corruptFrames: 0,
      rejectedRows: 0,
      excludedSequences: 1,
    });
  });

  it('becomes a row a frame, ranked within its sequence, with its local time', async () => {
    const { frames } = await index(await write());

    expect(frames.map(({ file_name, rank }) => [file_name, rank]).slice(0, 5)).toEqual([
      ['S1/B04/B04_R1/S1_B04_R1_PICT0001.JPG', 1],
      ['S1/B04/B04_R1/S1_B04_R1_PICT0002.JPG', 2],
      ['S1/B04/B04_R1/S1_B04_R1_PICT0003.JPG', 3],
      ['S1/B04/B04_R1/S1_B04_R1_PICT0005.JPG', 1],
      ['S1/B04/B04_R1/S1_B04_R1_PICT0006.JPG', 2],
    ]);
    expect(frames[0]!.datetime).toEqual(new Date('2010-07-01T06:01:00Z'));
  });

  it('finds the frames whose names have their accents elsewhere, and calls them as the archive does', async () => {
    const [first] = SEASON;
    const accented = { ...first!, frames: first!.frames.map((frame) => ({ ...frame, name: `zèbre ${frame.name}` })) };
    const decomposed = accented.frames.map((frame) => ({ ...frame, name: frame.name.normalize('NFD') }));
    const archive = accented.frames.map(({ name }) => name.normalize('NFC'));

    const { frames, summary } = await index(await write([{ ...accented, frames: decomposed }]), { archive });

    expect(frames.map(({ file_name }) => file_name)).toEqual(archive);
    expect(summary).toMatchObject({ framesNotInArchive: 0, filesNotInMetadata: 0 });
  });

  it('counts frames that the archive lacks and files that the metadata lacks', async () => {
    const people = allFrames(SEASON.slice(3, 4)).map(({ name }) => name);
    const names = allFrames(SEASON).map(({ name }) => name);
    const archive = [...names.filter((name) => !people.includes(name)), 'readme.txt'];

    const { frames, summary } = await index(await write(), { archive });

    expect(summary).toMatchObject({ framesNotInArchive: 2, filesNotInMetadata: 1 });
    expect(frames.filter((frame) => !frame.in_archive).map(({ file_name }) => file_name)).toEqual(people);
  });

  it('is refused with names from both sides when the archive is of something else', async () => {
    const archive = ['S3/A/1.JPG', 'S3/A/2.JPG'];

    await expect(index(await write(), { archive })).rejects.toMatchObject({
      code: 'METADATA_INCONSISTENT',
      message: expect.stringMatching(/of 11 frames .* and 2 files .* 0 are the same.*PICT0001\.JPG.*"S3\/A\/1\.JPG"/),
    });
  });

  it('is refused when it has labels that the catalog does not know, with counts and first places', async () => {
    const season = [
      ...SEASON,
      sequence('SER_S1#C01#2#4', ['quagga'], [12]),
      sequence('SER_S1#C01#2#5', ['quagga', 'dodo'], [13, 14]),
    ];

    await expect(index(await write(season))).rejects.toMatchObject({
      code: 'CLASS_UNKNOWN',
      message: expect.stringMatching(
        /"quagga": 2 sequences, first at \S+, line \d+(.|\n)*"dodo": 1 sequence, first at/,
      ),
      details: { labels: { quagga: 2, dodo: 1 } },
    });
  });

  it('gives the same bytes each time', async () => {
    const written = await write();
    const first = await index(written);
    const before = await contents(first.directory);

    const second = await index(written);

    expect(await contents(second.directory)).toEqual(before);
  });

  it('leaves nothing temporary behind, when it is stopped neither', async () => {
    const written = await write();
    const { directory } = await index(written);
    await expect(index(written, { work: { signal: AbortSignal.abort(new Error('stopped')) } })).rejects.toThrow(
      'stopped',
    );

    expect((await readdir(directory)).sort()).toEqual([
      'frames.parquet',
      'rejected.csv',
      'sequences.parquet',
      'summary.json',
    ]);
  });
});

async function contents(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  const entries = names.map(
    async (name) => [name, (await readFile(join(directory, name))).toString('base64')] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
