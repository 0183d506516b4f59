import type { IRuleSetType } from 'dependency-cruiser'

/** Fixtures repeat the layout of the repository under tidy/fixtures, so the same rules look at both. */
const at = (path: string) => `^(?:tidy/fixtures/)?${path}`
/** Tests, and what only tests use. */
const tests = '(\\.test\\.tsx?$|/testing/|src/.*/fixtures/|/conformance\\.ts$)'

type Rule = NonNullable<IRuleSetType['forbidden']>[number]

/** A workspace may import these others, and only these; of outside packages it may import what it declares. */
function onlyImports(name: string, from: string, allowed: readonly string[], comment: string): Rule {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: at(from), pathNot: tests },
    to: { path: at('(packages|services|apps)/'), pathNot: [from, ...allowed].map(at) },
  }
}

function onlyIn(name: string, libraries: string, from: string, comment: string): Rule {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: at('(packages|services|apps)/'), pathNot: [at(from), tests, at('packages/testkit/')] },
    to: { path: `^(node_modules/)?(${libraries})(/|$)` },
  }
}

export const importRules: IRuleSetType = {
  forbidden: [
    onlyImports('contracts-is-a-leaf', 'packages/contracts/', [], 'contracts say WHAT; they know nobody'),
    {
      name: 'contracts-need-typebox-alone',
      severity: 'error',
      from: { path: at('packages/contracts/'), pathNot: tests },
      to: { path: 'node_modules/', pathNot: ['node_modules/typebox/', at('packages/')] },
    },
    onlyImports('competition-is-a-leaf', 'packages/competition/', [], 'competition is pure maths'),
    {
      name: 'competition-needs-nothing',
      severity: 'error',
      from: { path: at('packages/competition/'), pathNot: tests },
      to: { path: 'node_modules/' },
    },
    {
      name: 'browser-safe-packages-use-no-node-built-ins',
      severity: 'error',
      from: { path: at('(packages/(contracts|competition)|apps/web/src)/'), pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    onlyImports(
      'kernel-imports-contracts-alone',
      'packages/kernel/',
      ['packages/contracts/'],
      'no domain noun in it',
    ),
    onlyImports(
      'services-know-no-other-service',
      'services/gateway/',
      ['packages/(contracts|competition|kernel)/'],
      'services speak through the bus',
    ),
    onlyImports(
      'tournaments-knows-no-other-service',
      'services/tournaments/',
      ['packages/(contracts|competition|kernel)/'],
      'services speak through the bus',
    ),
    onlyImports(
      'organizations-knows-no-other-service',
      'services/organizations/',
      ['packages/(contracts|kernel)/'],
      'services speak through the bus',
    ),
    onlyImports(
      'identity-knows-no-other-service',
      'services/identity/',
      ['packages/(contracts|kernel)/'],
      'services speak through the bus',
    ),
    {
      name: 'domain-is-pure',
      comment: 'what is decided depends on no machinery; types of the decider are all that it borrows',
      severity: 'error',
      from: { path: at('services/[^/]+/src/domain/'), pathNot: tests },
      to: {
        pathNot: [at('services/[^/]+/src/domain/'), at('packages/(contracts|competition)/')],
        dependencyTypesNot: ['type-only'],
      },
    },
    onlyImports(
      'web-imports-contracts-and-competition',
      'apps/web/',
      ['packages/(contracts|competition)/'],
      'the browser gets no server code',
    ),
    {
      name: 'web-carries-no-schemas',
      comment:
        'at run time only the light entries of contracts: no validator and no schema builder in the browser',
      severity: 'error',
      from: { path: at('apps/web/src/'), pathNot: tests },
      to: {
        path: at('packages/contracts/'),
        pathNot: at(
          'packages/contracts/src/(tournament-routes|people-routes|organization-routes|routes|names|ids|credentials|roles)\\.ts$',
        ),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-the-server-imports-services',
      severity: 'error',
      from: { path: at('(packages|apps)/'), pathNot: [at('apps/server/'), tests] },
      to: { path: at('services/') },
    },
    onlyIn(
      'database-driver-in-kernel-alone',
      'pg|kysely|postgres',
      'packages/kernel/',
      'one place speaks SQL drivers',
    ),
    onlyIn(
      'broker-driver-in-kernel-alone',
      '@nats-io/[^/]+|nats',
      'packages/kernel/',
      'one place speaks to the broker',
    ),
    onlyIn(
      'credentials-in-identity-alone',
      '@node-rs/argon2|@zxcvbn-ts/[^/]+|openid-client|nodemailer',
      'services/identity/',
      'one service hashes passwords, writes mails and speaks to providers of identities',
    ),
    onlyIn('web-libraries-in-gateway-alone', 'fastify|@fastify/[^/]+|ws', 'services/gateway/', 'one edge'),
    {
      name: 'no-test-code-in-what-ships',
      severity: 'error',
      from: { path: at('(packages|services|apps)/'), pathNot: [tests, at('packages/testkit/')] },
      to: { path: [at('packages/testkit/'), 'node_modules/(vitest|fast-check)/', tests] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      // Peers of the benchmarks have packages of their own, which are there only after a benchmark has run.
      name: 'nothing-unresolved',
      severity: 'error',
      from: { pathNot: at('bench/peers/') },
      to: { couldNotResolve: true },
    },
    {
      name: 'every-import-is-declared',
      severity: 'error',
      from: { path: at('(packages|services|apps|bench|e2e)/') },
      // Test tools are the root's, for all.
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
        pathNot: 'node_modules/(vitest|vite|fast-check|@types)/',
      },
    },
  ],
}
