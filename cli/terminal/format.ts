export * from '../../lib/contracts/format';
