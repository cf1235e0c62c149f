import { catalogSchema } from '../../../lib/contracts/catalog';
import { retrainInputSchema } from '../../../lib/contracts/retrain';
import type { RegisteredModel } from '../../../lib/contracts/registry';
import { runInputSchema } from '../../../lib/contracts/runInput';
import { planRetraining, type PlanRequest } from '../../../lib/retraining';
import { candidate } from '../registry/support';

const catalog = catalogSchema.parse({
  name: 'lila',
  mirrors: [{ name: 'local', url: 'file:///seasons/' }],
  classes: ['empty', 'lion'],
  seasons: ['S1', 'S2', 'S3', 'S4'].map((id) => ({
    id,
    archives: [`${id}.zip`],
    metadata: { format: 'coco-camera-traps', path: `${id}.json` },
  })),
});

const champion: RegisteredModel = {
  ...candidate('a', { train: ['S1'], validation: ['S2'] }),
  input: runInputSchema.parse({ catalog: 'old.json', training: { head: 'tutorial', epochs: 7 }, trainSeasons: ['S1'] }),
  name: 'm1',
  registeredAt: '2026-01-01T00:00:00.000Z',
};

function plan(request: Partial<PlanRequest> = {}) {
  const heldOut = retrainInputSchema.parse({}).heldOut;
  return planRetraining({
    catalog,
    where: 'catalog.json',
    heldOut,
    available: ['S1', 'S2', 'S3'],
    champion,
    ...request,
  });
}

describe('the run that takes new seasons in', () => {
  it('trains on all seasons less those that the champion was judged by, with its options', () => {
    expect(plan().request).toMatchObject({
      catalog: 'catalog.json',
      trainSeasons: ['S1', 'S3'],
      validationSeasons: ['S2'],
      training: { head: 'tutorial', epochs: 7 },
    });
  });

  it('does nothing anew that the champion was told to do anew', () => {
    const forced = { ...champion, input: { ...champion.input, force: ['download' as const] } };
    expect(plan({ champion: forced }).request).toMatchObject({ training: { head: 'tutorial', epochs: 7 }, force: [] });
  });

  it('holds out the newest in the order of the catalog when that is the policy', () => {
    const heldOut = { policy: 'newest', count: 2 } as const;
    expect(plan({ heldOut, available: ['S4', 'S1', 'S3'] }).request).toMatchObject({
      trainSeasons: ['S1'],
      validationSeasons: ['S3', 'S4'],
    });
  });

  it('holds out what was asked for, or what the catalog proposes while there is no champion', () => {
    const heldOut = { policy: 'fixed', seasons: ['S3'] } as const;
    expect(plan({ heldOut: { ...heldOut, seasons: ['S3'] } }).request?.validationSeasons).toEqual(['S3']);
    const first = plan({ champion: undefined, available: ['S1', 'S2', 'S3', 'S4'] }).request;
    expect(first).toMatchObject({ trainSeasons: ['S1', 'S2', 'S3'], validationSeasons: ['S4'] });
  });

  it('leaves out seasons that the catalog no longer has', () => {
    expect(plan({ available: ['S0', 'S1', 'S2'] }).request?.trainSeasons).toEqual(['S1']);
  });

  it('takes other options when they are asked for', () => {
    const run = retrainInputSchema.parse({ run: { training: { head: 'tutorial', epochs: 3 } } }).run;
    expect(plan({ run }).request?.training?.epochs).toBe(3);
  });
});

describe('there is nothing to train yet', () => {
  it('while a held-out season is not published', () => {
    expect(plan({ champion: undefined, available: ['S1', 'S2'] }).obstacle).toBe(
      'Held-out S4: not published whole yet.',
    );
  });

  it('when no season is left to train on', () => {
    expect(plan({ available: ['S2'] }).obstacle).toBe('Of S2 none is left to train on beside those held out.');
  });

  it('and an error when the held-out seasons are not in the catalog', () => {
    const heldOut = { policy: 'fixed' as const, seasons: ['S9'] };
    expect(() => plan({ heldOut })).toThrow('Held-out S9: the catalog "lila" has only S1, S2, S3, S4.');
  });
});
