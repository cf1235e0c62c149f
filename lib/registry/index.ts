export { commonGround, type CommonGround } from './commonGround';
export { differenceOf } from './difference';
export { Registry, type Candidate, type Match } from './registry';
export { settledBefore } from './settled';
export { catalogNamed, championOf, knownSeasons, modelNamed, standingIn } from './state';
export { incomparable, judge, seasonsMore, type Verdict } from './verdict';
