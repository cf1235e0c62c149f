export { summaryOf } from './summary';
export { validate, type ValidateInput } from './validate';
