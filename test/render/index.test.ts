import { describe, expect, it } from '@jest/globals';
import { type Format, formats } from '../../lib/main/formats.ts';
import { renderers } from '../../lib/render/index.ts';
import { growth } from '../growth.ts';
import { comparedReport, exampleCatalogue, exampleReport, largeReport } from './example-report.ts';

const options = { colour: false, width: 100, details: false, catalogue: exampleCatalogue };

describe('renderers', () => {
  it('has every format that --format takes', () => {
    expect(Object.keys(renderers).sort()).toEqual([...formats].sort());
  });

  it.each<[Format, string]>([
    ['text', 'txt'],
    ['json', 'json'],
    ['markdown', 'md'],
    ['html', 'html'],
    ['csv', 'csv'],
    ['asff', 'asff.json'],
    ['ocsf', 'ocsf.json'],
  ])('writes %s to report.%s', (format, extension) => {
    expect(renderers[format].extension).toBe(extension);
  });

  describe.each(formats)('%s', (format) => {
    const { render } = renderers[format];

    it('gives the same bytes for the same report', () => {
      expect(render(structuredClone(exampleReport), options)).toBe(render(exampleReport, options));
    });

    it('ends with a line break', () => {
      expect(render(exampleReport, options)).toMatch(/[^\n\r]\r?\n$/);
    });

    it('shows what is gone since the report before', () => {
      const sentence = 'ends on';

      expect(render(comparedReport, options)).toContain(sentence);
      expect(render(exampleReport, options)).not.toContain(sentence);
    });

    it('renders 500 clusters and 5 000 findings, in proportion to how many there are', () => {
      const reports = new Map([625, 5000].map((findings) => [findings, largeReport(500, findings)]));

      expect(growth((findings) => render(reports.get(findings) ?? exampleReport, options), 625)).toBeLessThan(24);
    });
  });
});
