/**
 * The Redis that tests run against: one of its own that the test command starts, or TEST_REDIS_URL.
 * Test files share it, so each takes a key prefix of its own.
 *
 * @throws Error when there is none: a test that needs Redis never passes without it
 */
export const testRedisUrl = (): string => {
  const url = process.env['TEST_REDIS_URL'];
  if (!url)
    throw new Error(
      'TEST_REDIS_URL is not set: run the tests through `npm test`, which starts a Redis, or set it to one of your own.',
    );
  return url;
};
