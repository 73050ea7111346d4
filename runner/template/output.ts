/** Characters after which what a loop has written is put aside. */
const pieceSize = 65_536

/**
 * What a template has written so far. `text` is added to; engines keep a text that grows as a tree of its parts, which takes many
 * times the memory of the text, so loops `settle` it now and then.
 */
export class Output {
  text = ''
  private aside: string[] | null = null

  settle(): void {
    if (this.text.length < pieceSize) return
    // Reading a character is what makes one text of the parts.
    this.text.charCodeAt(0)
    this.aside ??= []
    this.aside.push(this.text)
    this.text = ''
  }

  all(): string {
    return this.aside === null ? this.text : this.aside.join('') + this.text
  }
}
