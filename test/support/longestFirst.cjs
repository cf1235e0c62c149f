const { basename } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** The tests of real processes that take minutes, the longest first: none of them shall be alone at the end. */
const LONGEST = ['fleet.test.ts', 'kill.test.ts', 'temporalUi.test.ts', 'start.test.ts'];

const rank = ({ path }) => {
  const place = LONGEST.indexOf(basename(path));
  return place === -1 ? LONGEST.length : place;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
