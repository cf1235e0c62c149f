export { exploreSeasons, type ExploreSeasons } from './exploration/explore';
export { writeExplorationPage, type ExplorationPage } from './exploration/page';
export { writeValidationReport, type ValidationReport } from './validation/report';
export type { Contender, ModelComparison } from './comparison/comparison';
export { comparisonPage, writeComparisonPage } from './comparison/page';
