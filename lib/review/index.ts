export { openFolderReview, readReviewed, type FolderReview, type ReadPhotograph } from './folder';
export { readHeldOut, type HeldOutInput } from './heldOut';
export { ReviewJournal, REVIEWS_FILE } from './journal';
export { markSchema, reviewerSchema } from './mark';
export { Review, type Reviewable, type ReviewProgress, type ReviewRow } from './review';
export { ORDERS, SHOWN, type ViewRequest } from './views';
