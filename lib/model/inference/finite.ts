import { SerengetiError } from '../../contracts/errors';

/**
 * A network whose answer is no number must not name a class.
 *
 * @param rows - a row for each photograph or sequence
 * @param names - theirs
 * @throws SerengetiError MODEL_INVALID with the first that has NaN or an infinite value
 */
export function expectFinite(rows: Float32Array | Float64Array, names: readonly string[]): void {
  const place = rows.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  const name = names[Math.floor((place * names.length) / rows.length)]!;
  throw new SerengetiError('MODEL_INVALID', `The network answers ${rows[place]} for ${name}`, { details: { name } });
}
