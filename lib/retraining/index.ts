export { lookAtSeasons } from './look';
export { planRetraining, type PlanRequest } from './plan';
