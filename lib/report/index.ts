export { writeValidationReport, type ValidationReport } from './validation/report';
