import { expect, it } from '@jest/globals';
import { ProgressLine } from '../../lib/cli/progress.ts';

/** A terminal of so many columns, or (0) none, that keeps what is drawn. */
function drawnOn(columns: number, draw: (line: ProgressLine) => void): readonly string[] {
  const drawn: string[] = [];
  const stream = { isTTY: columns > 0, columns, write: (text: string) => drawn.push(text) };
  draw(new ProgressLine(stream as unknown as NodeJS.WriteStream));
  return drawn;
}

it('says how far the work is, and takes that away again', () => {
  const drawn = drawnOn(80, (line) => {
    line.show('questions', 1, 46);
    line.show('questions', 46, 46);
    line.clear();
  });

  expect(drawn.map((text) => text.replace('\r\u001b[2K', ''))).toEqual(['questions: 1 of 46', 'questions: 46 of 46', '']);
});

it('is silent where nobody watches, and where there is nothing to do', () => {
  expect(drawnOn(0, (line) => line.show('questions', 1, 46))).toEqual([]);
  expect(
    drawnOn(80, (line) => {
      line.show('MB of logs', 0, 0);
      line.clear();
    }),
  ).toEqual([]);
});

it('never fills a line, which would wrap', () => {
  const [text = ''] = drawnOn(20, (line) => line.show('questions that are many', 1, 46));

  expect(text.replace('\r\u001b[2K', '')).toBe('questions that are ');
});
