export { findGarbage, removeGarbage, type Garbage, type Needs, type Unneeded } from './garbage';
