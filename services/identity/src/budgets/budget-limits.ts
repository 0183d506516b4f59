const minute = 60

/** How much guessing, and how much work for others, is allowed. Shared by all instances. */
export const budgetLimits = {
  /** Wrong passwords of one account in its window; then it is slow, but never shut. */
  accountFailuresMax: 10,
  accountWindowS: 15 * minute,
  /** What an address that has failed at a slow account waits; twice as long after each further failure. */
  slowS: minute,
  /** Failures of one address in a minute, at whatever accounts. A hall full of phones has one address. */
  addressFailuresMax: 30,
  addressWindowS: minute,
  /**
   * Passwords that one address may try in a minute, right ones included: each is a hash, and whoever knows one password
   * must not keep everybody else waiting. More phones than fit into a hall.
   */
  addressTriesMax: 300,
  /** Failures of everybody in a minute; then addresses that have failed lately must wait. */
  globalFailuresMax: 600,
  /** What is still being tried may turn out right: so long a try waits for that. */
  busyMs: 2_000,
  busyStepMs: 50,
  /** New accounts and links asked for, of one address. */
  requestsPerAddressMax: 120,
  requestsWindowS: 10 * minute,
  /** Mails to one person: by one address, and in all. Who has not asked yet always gets one. */
  mailsPerAskerMax: 3,
  mailsPerPersonMax: 10,
  mailsWindowS: 60 * minute,
} as const satisfies Record<string, number>

export type BudgetLimits = { readonly [Name in keyof typeof budgetLimits]: number }
