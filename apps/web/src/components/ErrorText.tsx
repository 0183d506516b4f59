/** What went wrong, read out at once; nothing when nothing did. */
export function ErrorText({ text }: { text: string | null | undefined }) {
  if (!text) return null
  return (
    <p class="error" role="alert">
      {text}
    </p>
  )
}
