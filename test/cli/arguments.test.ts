import { relative } from 'node:path';
import {
  parseBandwidth,
  parseCatalog,
  parseCount,
  parseDuration,
  parseJson,
  parseList,
  parsePort,
  parseSeconds,
  parseSeed,
} from '../../cli/arguments';

describe('what commands are told', () => {
  it.each([
    [parseSeconds, '2.5', 2.5],
    [parseSeconds, '0', 0],
    [parseDuration, '12h', 43_200_000],
    [parseCount, '3', 3],
    [parseList, 'S1, S2', ['S1', 'S2']],
    [parseSeed, '4294967295', 0xffffffff],
    [parsePort, '0', 0],
    [parseJson, '{"seed":7}', { seed: 7 }],
    [parseBandwidth, '20MB', 20_000_000],
    [parseBandwidth, '1.5 kB/s', 1_500],
    [parseBandwidth, 'none', null],
    [parseCatalog, 'sample', 'sample'],
    [parseCatalog, relative('.', __filename), __filename],
  ])('%p reads %j as %j', (parse: (text: string) => unknown, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each([
    [parseSeconds, '', 'must be a number of seconds from 0 up'],
    [parseSeconds, '-1', 'must be a number of seconds from 0 up'],
    [parseDuration, '1month', 'must be a time such as 12h or 7d'],
    [parseCount, '0', 'must be a whole number from 1 up'],
    [parseCount, '1.5', 'must be a whole number from 1 up'],
    [parseList, 'S1,,S2', 'must be names with commas between them'],
    [parseSeed, '4294967296', 'must be a whole number from 0 to 4294967295'],
    [parsePort, '65536', 'must be a port number'],
    [parseJson, '[1]', 'must be a JSON object'],
    [parseJson, '{', 'not JSON'],
    [parseBandwidth, '20', 'must be an amount such as 20MB, or `none`'],
    [parseBandwidth, '20 mb', 'must be an amount such as 20MB, or `none`'],
  ])('%p refuses %j: %s', (parse: (text: string) => unknown, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
