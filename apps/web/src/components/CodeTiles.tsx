import { texts } from '../i18n/language.ts'

/** A join code on scoreboard tiles, in two groups of three; read out letter by letter. */
export function CodeTiles({ code }: { code: string }) {
  const spelled = [...code].join(' ')
  return (
    <p
      class="code-tiles"
      role="img"
      aria-label={texts().host.codeIs(spelled)}
      data-testid="join-code"
      data-code={code}
    >
      {[...code].map((character, index) => (
        <span key={index} class="code-tile" aria-hidden="true">
          {character}
        </span>
      ))}
    </p>
  )
}
