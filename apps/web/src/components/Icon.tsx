/** Line icons on a 24 × 24 grid. Decoration: the words stand beside them or in the button's label. */
const shapes = {
  logo: [
    'M3.5 3.5L12 5l8.5-1.5v9c0 4.6-3.7 7.5-8.5 9-4.8-1.5-8.5-4.4-8.5-9z M12 5v3.5',
    'M12 15.5v6 M3.5 12H8.5 M15.5 12h5 M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  ].join(''),
  sun: [
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2.5v2 M12 19.5v2 M2.5 12h2 M19.5 12h2',
    'M5.3 5.3l1.4 1.4 M17.3 17.3l1.4 1.4 M18.7 5.3l-1.4 1.4 M6.7 17.3l-1.4 1.4',
  ].join(''),
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  close: 'M6 6l12 12 M18 6L6 18',
  check: 'M4.5 12.5l5 5L19.5 7',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  pass: 'M4 4h6v6H4z M14 4h6v6h-6z M4 14h6v6H4z M14 14h2v2h-2z M18 18h2v2h-2z M18 14h2 M14 18v2',
  leave: 'M14 4H6v16h8 M10 12h10 M16.5 8.5L20 12l-3.5 3.5',
  signal: [
    'M4 4l16 16 M5 12.5a10 10 0 0 1 5-2.7 M8.5 16a5 5 0 0 1 7 0',
    'M19 12.5a10 10 0 0 0-4.5-2.6 M12 19.5h.01',
  ].join(''),
  shield: 'M4 4.5l8-1.5 8 1.5V12c0 4.5-3.5 7.5-8 9-4.5-1.5-8-4.5-8-9z M8.5 11.5l2.7 2.7 4.5-5',
  full: [
    'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z M2.5 19c0-3 2.2-5 5.5-5s5.5 2 5.5 5',
    'M15.5 5.6a3 3 0 0 1 0 5 M16.5 14.3c2.8.4 4.7 2.2 4.7 4.7',
  ].join(''),
  lost: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z M15.3 15.3L21 21 M8.2 8.2l4.6 4.6 M12.8 8.2l-4.6 4.6',
  eye: [
    'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z',
    'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  ].join(''),
} as const
export type IconName = keyof typeof shapes

export function Icon({ name }: { name: IconName }) {
  return <LineIcon shape={shapes[name]} />
}

/** An icon that only one screen has, and no other one should load. */
export function LineIcon({ shape }: { shape: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shape} />
    </svg>
  )
}
