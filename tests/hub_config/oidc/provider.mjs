// A certified OpenID Connect provider for the tests: people and the hub's address come from one JSON argument.
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const { issuer, port, client, people } = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [{ ...client, grant_types: ['authorization_code'], response_types: ['code'] }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'tests', use: 'sig', alg: 'RS256' }] },
  pkce: { required: () => true },
  cookies: { keys: ['a-key-of-the-tests'] },
  claims: { profile: ['name', 'locale', 'zoneinfo'], email: ['email', 'email_verified'] },
  // What was typed as the login is the subject; the password does not matter here.
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
});
provider.listen(port, '127.0.0.1');
