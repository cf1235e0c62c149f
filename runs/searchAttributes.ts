import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../lib/contracts/searchAttributes';

type Operators = Pick<ConnectionLike, 'operatorService'>;

/** Which of the pipeline's search attributes the namespace has, with the type that the pipeline gives them. */
export async function registeredSearchAttributes(
  { operatorService }: Operators,
  namespace: string,
): Promise<SearchAttributeName[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  return names.filter((name) => Number(customAttributes[name]) === typeNumber(name));
}

/** Adds those that the namespace lacks. Two processes may do it at the same time. */
export async function registerSearchAttributes({ operatorService }: Operators, namespace: string): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = (Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[]).filter(
    (name) => customAttributes[name] === undefined,
  );
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, typeNumber(name)])),
  });
}

function typeNumber(name: SearchAttributeName): number {
  return encodeSearchAttributeIndexedValueType(SEARCH_ATTRIBUTES[name])!;
}

/** gRPC status codes of a server that has no such service, or not for this client. */
const REFUSALS = { PERMISSION_DENIED: 7, UNIMPLEMENTED: 12, UNAUTHENTICATED: 16 } as const;

/** Whether the server refuses such requests, as hosted ones do that keep their search attributes elsewhere. */
export function isRefused(error: unknown): boolean {
  return isGrpcServiceError(error) && (Object.values(REFUSALS) as number[]).includes(error.code);
}
