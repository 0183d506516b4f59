import type { ComponentChildren } from 'preact'
import { lookOf, type Pattern } from './team-look.ts'
import './crest.css'

/** The edge of the shape in crest.css, so that a white crest does not dissolve on a white card. */
const edge = 'M0 0 30 2.1 60 0V40.6L57 50.4 50.4 58.8 40.8 65.1 30 70 19.2 65.1 9.6 58.8 3 50.4 0 40.6z'

/** A team's crest: decoration beside its name, so that screen readers skip it. */
export function Crest({ team }: { team: string }) {
  const { pattern, colors, initials } = lookOf(team)
  return (
    <svg class="crest" viewBox="0 0 60 70" aria-hidden="true" focusable="false">
      <rect width="60" height="70" fill={colors[0]} />
      {drawings[pattern](colors[1] ?? '#888', colors[2] ?? colors[0] ?? '#888')}
      <path d={edge} class="crest-edge" />
      <text x="30" y="40" class="crest-letters" data-length={[...initials].length}>
        {initials}
      </text>
    </svg>
  )
}

/** What lies over the ground colour, in the crest's own 60 × 70 units. */
const drawings: Readonly<Record<Pattern, (second: string, third: string) => ComponentChildren>> = {
  plain: (second) => <rect y="58" width="60" height="12" fill={second} />,
  halves: (second) => <rect x="30" width="30" height="70" fill={second} />,
  stripes: (second) => [8, 24, 40].map((x) => <rect key={x} x={x + 2} width="8" height="70" fill={second} />),
  hoops: (second, third) => [
    <rect key="a" y="14" width="60" height="14" fill={second} />,
    <rect key="b" y="42" width="60" height="14" fill={second} />,
    third === second ? null : <rect key="c" y="56" width="60" height="14" fill={third} />,
  ],
  sash: (second) => <path d="M0 52 60 8v22L0 74z" fill={second} />,
  chevron: (second) => <path d="M0 8 30 30 60 8v20L30 50 0 28z" fill={second} />,
  cross: (second) => <path d="M23 0h14v24h23v14H37v32H23V38H0V24h23z" fill={second} />,
  columns: (second, third) => [
    <rect key="a" x="20" width="20" height="70" fill={second} />,
    <rect key="b" x="40" width="20" height="70" fill={third} />,
  ],
  rows: (second, third) => [
    <rect key="a" y="22" width="60" height="22" fill={second} />,
    <rect key="b" y="44" width="60" height="26" fill={third} />,
  ],
}
