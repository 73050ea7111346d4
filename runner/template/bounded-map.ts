/** A cache that forgets what was made first once it is full. */
export class BoundedMap<K, V> {
  private readonly limit: number
  private readonly entries = new Map<K, V>()
  constructor(limit: number) {
    this.limit = limit
  }

  getOrMake(key: K, make: () => V): V {
    const known = this.entries.get(key)
    if (known !== undefined) return known
    const made = make()
    if (this.entries.size >= this.limit) {
      const oldest = this.entries.keys().next()
      if (!oldest.done) this.entries.delete(oldest.value)
    }
    this.entries.set(key, made)
    return made
  }
}
