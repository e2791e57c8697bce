// Mocha's usual report, and the totals left in the file that `npm test` names.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class Totals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      if (process.env.TOTALS_FILE)
        writeFileSync(process.env.TOTALS_FILE, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
};
