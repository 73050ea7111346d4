import { satisfies } from '@renovatebot/pep440'
import { canonicalName, type PythonPackage } from '../facts/pip.ts'

/** What is asked for by name: `requests[socks]>=2,<3`. */
export interface Requirement {
  readonly written: string
  /** PEP 503's way to write it; null of a path, a url, or what only pip can tell. */
  readonly name: string | null
  /** Which versions will do (PEP 440); empty for any. */
  readonly versions: string
}

/** A requirement as PEP 508 has it; of paths, urls and markers only pip knows what they come to. */
export function parseRequirement(written: string): Requirement {
  const [, name, versions = ''] =
    /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?((?:(?:[<>=!~]=?=?)\s*[\w.*+!-]+\s*,?\s*)*)\)?$/.exec(
      written.trim(),
    ) ?? []
  return name === undefined || /\.(?:whl|zip|tgz|tar\.\w+)$/.test(name)
    ? { written, name: null, versions: '' }
    : { written, name: canonicalName(name), versions: versions.replaceAll(/\s+/g, '') }
}

/** A requirement with the version of an argument of its own: `1.2` means `==1.2`. */
export function withVersion(requirement: Requirement, version: string): Requirement {
  const versions = /^[<>=!~]/.test(version.trim()) ? version.replaceAll(/\s+/g, '') : `==${version.trim()}`
  return { ...requirement, written: `${requirement.written}${versions}`, versions }
}

/** The installed package of a requirement, of whatever version. */
export const installedOf = ({ name }: Requirement, packages: readonly PythonPackage[]): PythonPackage | undefined =>
  name === null ? undefined : packages.find((each) => each.name === name)

/** Whether what is installed will do. */
export function isSatisfied(requirement: Requirement, packages: readonly PythonPackage[]): boolean {
  const found = installedOf(requirement, packages)
  if (found === undefined) return false
  return requirement.versions === '' || satisfies(found.version, requirement.versions, { prereleases: true })
}

/** The names in a requirements file, for uninstalling: other files and options are passed over. */
export const namesInRequirements = (text: string): readonly string[] =>
  text
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const bare = line
        .replace(/(?:^|\s)#.*$/, '')
        .replace(/\s*;.*$/, '')
        .replace(/\s+--.*$/, '')
        .trim()
      const name = bare === '' || bare.startsWith('-') ? null : parseRequirement(bare).name
      return name === null ? [] : [name]
    })

/** Whether this pip can say what it would install. */
export const canPreview = (version: string): boolean => satisfies(version.replace(/[^\d.].*$/, ''), '>=22.2')
