/** How a team's crest looks: a pattern and two or three colours, by letter. */
export type TeamLook = { pattern: Pattern; colors: readonly string[]; initials: string }
export type Pattern = (typeof patterns)[keyof typeof patterns]

const patterns = {
  p: 'plain',
  h: 'halves',
  s: 'stripes',
  o: 'hoops',
  d: 'sash',
  c: 'chevron',
  x: 'cross',
  v: 'columns',
  z: 'rows',
} as const

const colors: Readonly<Record<string, string>> = {
  w: '#f6f5ef',
  k: '#2f323a',
  r: '#d2212e',
  m: '#7c1635',
  n: '#15234f',
  b: '#1c51b9',
  s: '#6aaae0',
  y: '#f6c52c',
  g: '#0e7a3e',
  o: '#f06a1c',
  p: '#5a2d88',
}

/** The colours that people know, as `name:pattern+colours`. Every other team gets its look from its name. */
const known = [
  'ajax:vwrw|arsenal:drw|aston villa:cms|atalanta:sbk|atletico madrid:srw|barcelona:sbm|bayer leverkusen:hrk',
  'bayern:xrw|benfica:crw|boca juniors:obyb|borussia dortmund:syk|celtic:ogw|chelsea:pbw|club brugge:sbk',
  'dinamo zagreb:cbw|everton:cbw|fenerbahce:snyn|feyenoord:hrw|flamengo:ork|galatasaray:hor|inter:sbk',
  'juventus:swk|lazio:csw|legia warszawa:dwg|liverpool:drw|lyon:xwr|manchester city:psw|manchester united:hrk',
  'marseille:cws|milan:srk|monaco:drw|napoli:dsw|newcastle united:skw|olympiacos:srw|porto:sbw|psg:vnrn',
  'psv:srw|rangers:cbr|rb leipzig:cwr|real madrid:dwy|red star belgrade:srw|river plate:dwr|roma:cmy',
  'salzburg:hrw|santos:pwk|sevilla:xwr|shakhtar donetsk:sok|sparta praha:cmy|sporting:ogw',
  'tottenham hotspur:cwn|valencia:cwo|west ham united:cms',
  'algeria:hgw|argentina:vsws|australia:cyg|austria:zrwr|belgium:vkyr|bolivia:zryg|brazil:cyg|cameroon:vgry',
  'canada:vrwr|chile:zwrr|colombia:zybr|costa rica:zbrb|croatia:zrwb|czechia:zwrr|denmark:xrw|ecuador:zybr',
  'egypt:zrwk|england:xwr|finland:xwb|france:vbwr|germany:zkry|ghana:zryg|greece:obw|hungary:zrwg|iceland:xbw',
  'iran:zgwr|iraq:zrwk|ireland:vgwo|italy:vgwr|ivory coast:vowg|jamaica:dgy|japan:pwr|mexico:vgwr|morocco:prg',
  'netherlands:zrwb|new zealand:pkw|nigeria:vgwg|northern ireland:xgw|norway:xrn|panama:hwr|paraguay:zrwb',
  'peru:vrwr|poland:zwwr|portugal:hgr|qatar:cmw|romania:vbyr|saudi arabia:pgw|scotland:dnw|senegal:vgyr',
  'serbia:zrbw|slovakia:zwbr|slovenia:zwbr|south africa:cgy|south korea:cwr|spain:zryr|sweden:xby',
  'switzerland:xrw|tunisia:prw|turkey:prw|ukraine:zbyy|united states:orw|uruguay:osw|venezuela:zybr|wales:zwgr',
].join('|')

const fallbackColors = 'rbngmopskyw'
const fallbackPatterns = 'hsodcxvz'
const looks = new Map<string, TeamLook>()
/** Teams of a few tournaments; beyond that the oldest go. */
const looksMax = 1_024

/** The look of a team: always the same for the same name, on every device. */
export function lookOf(team: string): TeamLook {
  const before = looks.get(team)
  if (before) return before
  const look = makeLook(team)
  if (looks.size >= looksMax) looks.clear()
  looks.set(team, look)
  return look
}

function makeLook(team: string): TeamLook {
  const key = plain(team)
  const entry = known.split('|').find((candidate) => candidate.startsWith(`${key}:`))
  const code = entry?.slice(key.length + 1) ?? codeFrom(key)
  const letters = [...code.slice(1)]
  return {
    pattern: patterns[code[0] as keyof typeof patterns] ?? 'plain',
    colors: letters.map((letter) => colors[letter] ?? '#888'),
    initials: initialsOf(team),
  }
}

/** The name without case and accents. */
function plain(team: string): string {
  return team.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}

function codeFrom(key: string): string {
  let hash = 2_166_136_261
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0
  const first = fallbackColors[hash % fallbackColors.length]!
  const rest = [...fallbackColors].filter((color) => color !== first)
  const second = rest[(hash >>> 8) % rest.length]!
  const pattern = fallbackPatterns[(hash >>> 16) % fallbackPatterns.length]!
  return `${pattern}${first}${second}${first}`
}

/** Up to three letters: those of a short name, the first ones of several words, or the first three. */
export function initialsOf(team: string): string {
  const words = team
    .trim()
    .split(/[\s\-–.]+/u)
    .filter((word) => word !== '')
  const first = words[0] ?? ''
  if (words.length > 1) return words.slice(0, 3).map(firstLetters).join('').slice(0, 4).toUpperCase()
  return [...first].slice(0, 3).join('').toUpperCase()
}

/** The first letter of a word; a number stands as it is. */
function firstLetters(word: string): string {
  return /^\d+$/.test(word) ? word : ([...word][0] ?? '')
}
