/** Mocha's spec reporter for the reader, and the counts as JSON for scripts/ci/test.ts. */
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { output } = options.reporterOptions ?? {};
    if (output !== undefined) {
      runner.once("end", () => writeFileSync(output, JSON.stringify({ stats: this.stats })));
    }
  }
};
