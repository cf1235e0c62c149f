export { exploreSeasons, type ExploreSeasons } from './exploration/explore';
export { writeExplorationPage, type ExplorationPage } from './exploration/page';
export { writeValidationReport, type ValidationReport } from './validation/report';
export { writeComparisonPage, type Contender, type ModelComparison } from './comparison/page';
