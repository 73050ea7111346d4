import { once } from 'node:events'

import { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput, Spinner } from 'listr2'

import type { Output, OutputStream } from '../output.ts'
import type { Style } from '../style.ts'
import type { Panel } from './frame.ts'

const SHOW_CURSOR = '\u001B[?25h'
/** Milliseconds between two frames. */
const FRAME = 100

/** The part of the screen that moves: a spinner and some lines for each running task. listr2 draws it; what is in it comes from outside. */
export class View {
  readonly #closing = new AbortController()
  readonly #gone: Promise<unknown>
  readonly #restore: () => void

  /** Draws `panels()` again and again until `close`. Their number stays the same. */
  constructor(output: Output, panels: () => readonly Panel[], style: Style) {
    const closed = once(this.#closing.signal, 'abort')
    const handles: Handle[] = []
    const fill = () => {
      for (const [index, panel] of panels().entries()) handles[index]?.(panel)
    }
    const list = new Listr(
      panels().map((panel, index) => ({
        title: panel.title,
        task: async (_, task) => {
          handles[index] = ({ title, body }) => {
            task.title = title
            task.output = body.join('\n')
          }
          handles[index](panel)
          await closed
        },
      })),
      {
        concurrent: true,
        // Interruption is the engine's to handle; listr2 would end the process.
        registerSignalListeners: false,
        renderer: Renderer,
        rendererOptions: {
          clearOutput: true,
          spinner: new Ticker(fill),
          logger: new ListrLogger<ListrDefaultRendererLogLevels>({ useIcons: true, processOutput: new Screen(output) }),
          color: { [ListrDefaultRendererLogLevels.PENDING]: (text: string | undefined) => style.cyan(text ?? '') },
        },
      },
    )
    this.#gone = list.run()
    this.#restore = () => output.write(SHOW_CURSOR)
    process.once('exit', this.#restore)
  }

  /** Removes all of it from the screen; the cursor is then where the view began. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#gone
    process.off('exit', this.#restore)
  }
}

type Handle = (panel: Panel) => void

/** Lines come cut to the width of our own stream; listr2 would wrap them to that of process.stdout. */
class Renderer extends DefaultRenderer {
  /** Whether our stream is a terminal has been decided by then; listr2 would look at process.stdout. */
  static override nonTTY = true
  readonly #spinner: Spinner | undefined

  constructor(...args: ConstructorParameters<typeof DefaultRenderer>) {
    super(...args)
    this.#spinner = args[1].spinner
  }

  override update(): void {
    if (this.#spinner instanceof Ticker && this.#spinner.filling) return
    super.update()
  }

  protected override format(message: string, icon: string, level: number): string[] {
    if (message === '') return []
    const lines = message.split('\n')
    return level === 0 ? lines.map((line) => `${icon} ${line}`) : lines.map((line) => `    ${line}`)
  }
}

/** A spinner that asks for new contents before each frame. */
class Ticker extends Spinner {
  readonly #fill: () => void
  /** True while new contents are set piece by piece, when listr2 would draw after each. */
  filling = false

  constructor(fill: () => void) {
    super()
    this.#fill = fill
  }
  override start(update?: () => void): void {
    super.start(() => {
      this.filling = true
      this.#fill()
      this.filling = false
      update?.()
    }, FRAME)
  }
}

/** Puts listr2's output in line with the rest, on a stream whose size is read each time. Other writers are left alone. */
class Screen extends ProcessOutput {
  readonly #output: Output
  constructor(output: Output) {
    super(writeStream(output), writeStream(output))
    this.#output = output
  }
  override get stdout(): NodeJS.WriteStream {
    return writeStream(this.#output)
  }
  override hijack(): void {
    this.#output.write('\u001B[?25l')
  }
  override release(): void {
    this.#output.write(SHOW_CURSOR)
  }
}

/** As much of a terminal as listr2 and log-update use. */
function writeStream(output: Output): NodeJS.WriteStream {
  const { stream } = output
  const facade: Pick<OutputStream, 'columns' | 'rows' | 'isTTY'> & { readonly write: (text: string) => boolean } = {
    get columns() {
      return stream.columns ?? 80
    },
    get rows() {
      return stream.rows ?? 24
    },
    isTTY: true,
    write: (text) => {
      output.write(text)
      return true
    },
  }
  return facade as NodeJS.WriteStream
}
