import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './drover.ts'
import { readmes } from './readme-commands.ts'

/** Relative links of a page: `[text](path)` and `[text](path#heading)`, outside blocks of code. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```$/gm, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((link) => !/^[a-z]+:/.test(link))
}

/** What a heading is called in a link. */
const anchorsOf = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

/** Why a link leads nowhere; undefined where it leads somewhere within drover. */
function trouble(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? join(root, page) : join(root, dirname(page), path)
  if (relative(root, target).startsWith('..')) return `${page}: ${link} leads out of drover`
  if (!existsSync(target)) return `${page}: there is no ${link}`
  const read = statSync(target).isDirectory() ? join(target, 'README.md') : target
  if (!existsSync(read)) return `${page}: ${link} has no README.md`
  return anchor === undefined || anchorsOf(read).includes(anchor) ? undefined : `${page}: no heading for ${link}`
}

const pages = [...readmes(), 'CHANGELOG.md', 'modules/AUTHORING.md', 'runner/template/DIFFERENCES.md']

it('READMEs hold links', () => expect(pages.flatMap(linksOf).length).toBeGreaterThan(10))

it.each(pages)('%s: every relative link leads somewhere', (page) => {
  expect(linksOf(page).flatMap((link) => trouble(page, link) ?? [])).toEqual([])
})
