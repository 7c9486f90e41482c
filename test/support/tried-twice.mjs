import { jest } from '@jest/globals';

// Where nobody watches, on a machine that others share, a test that failed is tried once more; what it failed of is shown all the same.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
