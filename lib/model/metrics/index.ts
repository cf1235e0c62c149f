export { validate, type ValidateInput } from './validate';
