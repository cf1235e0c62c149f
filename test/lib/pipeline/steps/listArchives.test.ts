import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { remoteSourceOf } from '../../../../lib/pipeline/steps/listArchives';
import { loadCatalog } from '../../../../lib/seasons';
import { serveFolder } from '../../../../simulator';
import { temporaryFolder } from '../../../support/folders';
import { QUIET } from '../support/wholeRun';

const folder = temporaryFolder();

describe('a season whose mirrors give no parts of its archives', () => {
  it('has to be downloaded whole, unless its frames lie loose', async () => {
    await writeFile(join(folder(), 'S1.zip'), 'an archive');
    const mirror = await serveFolder({ directory: folder(), faults: [{ noRanges: true }] });
    try {
      const season = {
        id: 'S1',
        archives: ['S1.zip'],
        metadata: { format: 'coco-camera-traps', path: 'S1.json' },
      };
      const sourceOf = async (more: object): ReturnType<typeof remoteSourceOf> => {
        const path = join(folder(), 'catalog.json');
        const mirrors = [{ name: 'here', url: mirror.url }];
        const seasons = [{ ...season, ...more }];
        await writeFile(path, JSON.stringify({ name: 'mine', mirrors, classes: ['empty', 'zebra'], seasons }));
        const catalog = await loadCatalog(path);
        return await remoteSourceOf({ catalog, season: catalog.seasons[0]! }, QUIET);
      };
      await expect(sourceOf({})).rejects.toMatchObject({
        code: 'SOURCE_UNSUITABLE',
        message: expect.stringContaining('No mirror gives parts of the archives of season S1') as string,
      });
      expect(await sourceOf({ frames: 'loose/' })).toMatchObject({ form: 'loose', folder: 'loose/' });
    } finally {
      await mirror.close();
    }
  });
});
