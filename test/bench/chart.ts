import { median } from './measure.ts'
import type { Measured } from './results.ts'
import { type ToolName, toolNames } from './tools.ts'

const colours: Readonly<Record<ToolName, string>> = {
  drover: '#0f766e',
  mitogen: '#b45309',
  ansible: '#b91c1c',
  floor: '#94a3b8',
}
const labels = 330
const bars = 430
const bar = 15
const gap = 14
const top = 44
/** What the scale begins and ends with, in seconds: every tenfold is as wide as the last one. */
const [least, most] = [0.1, 1000]

/** The medians of all cases as horizontal bars on a logarithmic scale, in SVG. */
export function chart(results: readonly Measured[]): string {
  let y = top
  const rows = results.map((each) => {
    const start = y
    const drawn = toolNames.flatMap((tool) => {
      const seconds = (each.samples[tool] ?? []).map(({ wall }) => wall)
      if (seconds.length === 0) return []
      const middle = median(seconds)
      const drawing =
        `<rect x="${labels}" y="${y}" width="${at(middle).toFixed(1)}" height="${bar - 3}" fill="${colours[tool]}"/>` +
        `<text x="${(labels + at(middle) + 6).toFixed(1)}" y="${y + bar - 5}">${tool} ${inWords(middle)}</text>`
      y += bar
      return [drawing]
    })
    const middle = (start + y) / 2 + 2
    y += gap
    return `<text x="${labels - 12}" y="${middle}" text-anchor="end" class="case">${each.name}</text>${drawn.join('')}`
  })
  const ticks = [0.1, 1, 10, 100, 1000].map((seconds) => {
    const x = labels + at(seconds)
    return (
      `<line x1="${x}" y1="${top - 8}" x2="${x}" y2="${y - gap + 4}" stroke="#cbd5e1" stroke-width="1"/>` +
      `<text x="${x}" y="${top - 14}" text-anchor="middle">${seconds} s</text>`
    )
  })
  const width = labels + bars + 120
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="Seconds by the clock, by case and tool">
<style>text { font: 11px system-ui, sans-serif; fill: #334155 } .case { font-size: 12px; fill: #0f172a }</style>
<rect width="${width}" height="${y}" fill="#ffffff"/>
${ticks.join('\n')}
${rows.join('\n')}
</svg>
`
}

const at = (seconds: number): number => (bars * Math.log10(Math.max(seconds, least) / least)) / Math.log10(most / least)

const inWords = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`
