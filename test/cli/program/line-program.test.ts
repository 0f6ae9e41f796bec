// Programs in processes of their own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startLineProgram } from '../../../src/cli/program/line-program.ts';

const lineProgram = suite('startLineProgram');

/** Longer than any of these programs takes, in milliseconds. */
const LONG = 30_000;

if (process.platform === 'win32') console.log('skipped: startLineProgram: the commands are those of a POSIX shell');
else {
  lineProgram('lines go there and come back', async () => {
    const program = startLineProgram('cat');
    program.send('one é');
    program.send('two');
    assert.equal(await program.receive(LONG), { line: 'one é' });
    assert.equal(await program.receive(LONG), { line: 'two' });
    await program.end(LONG);
    assert.equal(await program.receive(LONG), { none: 'the driver ended with exit code 0' });
  });

  lineProgram('a line may come in pieces, and a rest without a line feed is not a line', async () => {
    const program = startLineProgram("printf 'a'; sleep 0.1; printf 'b\\nrest'");
    assert.equal(await program.receive(LONG), { line: 'ab' });
    const none = 'the driver ended with exit code 0, and its last line has no line feed';
    assert.equal(await program.receive(LONG), { none });
  });

  lineProgram('lines that were written before the end are received after it', async () => {
    const program = startLineProgram("read line; printf '1\\n2\\n'; exit 3");
    program.send('go');
    await program.end(LONG);
    assert.equal(await program.receive(0), { line: '1' });
    assert.equal(await program.receive(0), { line: '2' });
    assert.equal(await program.receive(0), { none: 'the driver ended with exit code 3' });
  });

  lineProgram('a program that does not answer is given up', async () => {
    const program = startLineProgram('sleep 100');
    assert.equal(await program.receive(10), { none: 'the driver did not answer within 10 ms' });
    await program.end(10);
    assert.equal(await program.receive(LONG), { none: 'the driver ended with SIGKILL' });
  });

  lineProgram('ending a program also ends what it has started', async () => {
    const program = startLineProgram('sh -c "echo started; sleep 100" & wait');
    assert.equal(await program.receive(LONG), { line: 'started' });
    await program.end(10);
    // Its output is closed only if the process within has ended too.
    assert.equal(await program.receive(LONG), { none: 'the driver ended with SIGKILL' });
  });

  lineProgram('what a program leaves behind ends with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cc-lb-left-behind-'));
    const late = join(folder, 'late');
    const program = startLineProgram(`(sleep 1; echo >'${late}') >/dev/null & echo started`);
    assert.equal(await program.receive(LONG), { line: 'started' });
    await program.end(LONG);
    await delay(1500);
    assert.is(existsSync(late), false);
    rmSync(folder, { recursive: true });
  });

  lineProgram('what left the group of a program cannot keep it from ending', async () => {
    if (spawnSync('setsid', ['true']).status !== 0) return console.log('skipped: a group left: no setsid here');
    const program = startLineProgram('setsid sleep 5 & echo started');
    assert.equal(await program.receive(LONG), { line: 'started' });
    await program.end(10);
    assert.equal(await program.receive(2000), { none: 'the driver ended with exit code 0' });
  });

  lineProgram('a line that is not UTF-8 is refused, and a character may come in pieces', async () => {
    const program = startLineProgram("printf '\\303'; sleep 0.1; printf '\\251\\na\\377\\n'");
    assert.equal(await program.receive(LONG), { line: 'é' });
    assert.equal(await program.receive(LONG), { none: 'the driver wrote a line that is not UTF-8 from byte 1 on' });
    await program.end(LONG);
  });

  lineProgram('the time to read a line rises with its length, not faster', async () => {
    const program = startLineProgram("head -c 60000000 /dev/zero | tr '\\0' a; echo");
    // It takes 0.2 s. Looking for the end again from the beginning, with each piece, took 15 s.
    const received = await program.receive(5000);
    assert.is('line' in received && received.line.length, 60_000_000);
    await program.end(LONG);
  });

  lineProgram('a program that cannot be started, or has ended, ignores lines', async () => {
    const program = startLineProgram('exec /nowhere/no-such-program 2>/dev/null');
    program.send('go');
    const received = await program.receive(LONG);
    assert.match('none' in received ? received.none : received.line, /^the driver ended with exit code 12\d$/);
    program.send('again');
    await program.end(LONG);
  });

  lineProgram('a program that writes without end is ended', async () => {
    const program = startLineProgram('yes');
    let received = await program.receive(LONG);
    assert.equal(received, { line: 'y' });
    // Nobody reads meanwhile.
    await program.end(LONG);
    while ('line' in received) received = await program.receive(LONG);
    assert.match(received.none, /^the driver wrote without end$/);
  });
}

lineProgram.run();
