import { reportMetering } from '../../inspection/metering-report.ts';
import { reportModule } from '../../inspection/module-report.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/paint.ts';
import { type Command, EXIT } from '../program/command.ts';
import { inputName, readInput } from '../program/input-file.ts';
import { limitOption, limitsOf } from '../program/limit-option.ts';
import { meteringLines } from '../reports/metering-text.ts';
import { moduleLines } from '../reports/module-text.ts';
import { inMemoryHostFunctions } from './host.ts';

/** `inspect FILE`: what the bytes of a module tell, without running it. */
export const inspect: Command = {
  name: 'inspect',
  summary: 'Shows what a module holds and what it would need, without running it',
  description: [
    'Reads any WebAssembly module, a plugin or not, and shows: its identity or why it has none;',
    'its sections with their places in the file; its imports, and for each whether the kernel',
    'provides it, the host does, or nobody; its exports and memories; and which functions of the',
    'protocol it exports with the right type. Offsets and sizes are in bytes.',
    '',
    'Of a malformed module it tells what is wrong and at which byte. Nothing of it is run.',
  ],
  operands: [{ name: 'FILE', summary: 'the module; - reads it from standard input' }],
  options: [
    { name: 'metered', summary: 'show too what metering adds to it, when it runs as a plugin' },
    { ...limitOption, summary: 'with --metered: change a limit on the module, such as calls=9' },
  ],
  exits: {
    0: 'FILE is a valid WebAssembly module, whether a plugin or not',
    1: 'FILE is no WebAssembly module, or malformed, or the engine refuses it',
    2: 'the arguments are wrong, or FILE cannot be read',
  },
  examples: [
    { line: 'inspect plugin.wasm', meaning: 'what is in it, and does a host provide all it imports?' },
    { line: 'inspect plugin.wasm --metered', meaning: 'how much larger does metering make it?' },
    { line: 'inspect plugin.wasm --json | jq .contents.imports', meaning: 'the imports, for another program' },
  ],
  run: async (args, io) => {
    const file = args.operand('FILE');
    const bytes = await readInput(io, file);
    const report = reportModule(inputName(file), bytes, inMemoryHostFunctions());
    const limits = limitsOf(args.values('limit'));
    const metering = args.flag('metered') && report.valid ? reportMetering(bytes, limits) : undefined;
    const paint = painter(io.stdout.color);
    const lines = [
      ...moduleLines(report, paint),
      ...(metering === undefined ? [] : ['', ...meteringLines(metering, paint)]),
    ];
    io.stdout.write(args.flag('json') ? jsonDocument({ ...report, metering }) : `${lines.join('\n')}\n`);
    return report.valid ? EXIT.ok : EXIT.failed;
  },
};
