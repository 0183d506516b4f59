// Runs before the first paint, so that a chosen theme or language never flashes in afterwards.
try {
  const theme = localStorage.getItem('matchday.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; the system's own theme is used then.
}
