/** How somebody can be reached: as links, for a phone dials them. */
export function Reachable({ email, phone }: { email: string | null; phone: string | null }) {
  if (email === null && phone === null) return null
  return (
    <span class="reachable">
      {phone === null ? null : <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>}
      {email === null ? null : <a href={`mailto:${email}`}>{email}</a>}
    </span>
  )
}
